#include "gateway/app/bus.h"

#include <algorithm>

#include "gateway/app/bus_event.h"

namespace penstock::gateway {

void EventBus::load(const std::vector<queue::StoredDefinition>& stored) {
  starters_.load(stored);
  schedules_.load(stored);
}

void EventBus::changed(const std::string& workflow) {
  starters_.changed(workflow);
  schedules_.changed(workflow);
}

void EventBus::publish(const queue::CloudEvent& event) {
  context_.queue.publish(event);
  starters_.receive(event);
}

void EventBus::delivered(const Id& id, const records::EventMeta& meta, std::string_view body) {
  publish(delivery_event(id, meta, body));
}

void EventBus::emit(uint32_t worker, worker::Emit& emit) {
  const Id run = Id::from_raw(emit.run());
  if (!context_.queue.holds(run, emit.fence())) return;
  auto event = emit.event().size() > limits::event_bytes_max
                   ? Result<queue::CloudEvent>(Status::invalid("the event is too large"))
                   : read_event(std::move(*emit.mutable_event()));
  if (!event || !context_.queue.writable()) {
    const std::string why = event ? "the disk does not take events now" : event.status().message();
    context_.workers.refuse_emit(worker, emit, why);
    return;
  }
  publish(*event);
  context_.queue.emitted(worker, run, emit.fence(), emit.ordinal());
}

uint64_t EventBus::turn() {
  return std::min(schedules_.turn(), starters_.turn());
}

}  // namespace penstock::gateway
