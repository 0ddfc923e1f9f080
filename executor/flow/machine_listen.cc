#include <algorithm>

#include "executor/flow/machine.h"

namespace penstock::flow {
namespace {

// The event as the task's `read` wants it.
json::Value as_read(const json::Value& event, ListenBody::Read read) {
  if (read == ListenBody::Read::kEnvelope) return event;
  const json::Value data = event.get("data");
  return read == ListenBody::Read::kRaw && !data.is_string() ? json::Value::string(data.dump())
                                                             : data;
}

ListenState& state_of(Frame& frame) {
  return *std::get<std::unique_ptr<ListenState>>(frame.state);
}

}  // namespace

void Machine::begin_listen(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<ListenBody>(frame.node->body);
  auto state = std::make_unique<ListenState>();
  state->matched.resize(body.filters.size());
  frame.state = std::move(state);
  frame.stage = Stage::kWait;
  const Ordinal ordinal = last_ordinal_ + 1;
  ask(strand, Purpose::kTask, Listen{ordinal, frame.node});
}

// Whether a listener takes the event. Pure: a replay is not asked this.
bool Machine::wanted(Strand& strand, uint32_t position, const json::Value& event) {
  Frame& frame = strand.frames[position];
  const auto& body = std::get<ListenBody>(frame.node->body);
  if (state_of(frame).over) return false;
  if (body.strategy == ListenBody::Strategy::kAny && body.filters.empty()) return true;
  return fitting(strand, frame, event).has_value() || ends_listening(strand, frame, event);
}

// The first filter that is still open and that the event fits.
std::optional<size_t> Machine::fitting(const Strand& strand, const Frame& frame,
                                       const json::Value& event) const {
  const auto& body = std::get<ListenBody>(frame.node->body);
  const ListenState& state = *std::get<std::unique_ptr<ListenState>>(frame.state);
  const bool each_once = body.strategy == ListenBody::Strategy::kAll;
  for (size_t i = 0; i < body.filters.size(); i++) {
    if (each_once && state.matched[i]) continue;
    if (fits(strand, frame, body.filters[i], event)) return i;
  }
  return std::nullopt;
}

bool Machine::ends_listening(const Strand& strand, const Frame& frame,
                             const json::Value& event) const {
  for (const EventFilter& filter : std::get<ListenBody>(frame.node->body).until_events) {
    if (fits(strand, frame, filter, event)) return true;
  }
  return false;
}

// `with` gives attributes to be equal to, or conditions on them; `data` may be a condition too.
bool Machine::fits(const Strand& strand, const Frame& frame, const EventFilter& filter,
                   const json::Value& event) const {
  for (const auto& [name, part] : filter.with) {
    const std::optional<json::Value> attribute = event.find(name);
    if (!attribute) return false;
    if (const json::Value* literal = part.literal()) {
      if (!(*literal == *attribute)) return false;
      continue;
    }
    const std::optional<json::Value> made = quiet(strand, frame, part, *attribute);
    if (!made || !(made->is_bool() ? made->as_bool() : *made == *attribute)) return false;
  }
  const ListenState& state = *std::get<std::unique_ptr<ListenState>>(frame.state);
  for (const EventFilter::Correlation& one : filter.correlate) {
    Result<json::Value> value = evaluate_in(strand, frame, one.from, event);
    if (!value || value->is_null()) return false;
    std::optional<json::Value> expected;
    if (one.expect) {
      expected = quiet(strand, frame, *one.expect, frame.input);
    } else {
      const auto known =
          std::find_if(state.expected.begin(), state.expected.end(),
                       [&one](const auto& entry) { return entry.first == one.name; });
      if (known == state.expected.end()) continue;  // this event will set it
      expected = known->second;
    }
    if (!expected || !(*expected == *value)) return false;
  }
  return true;
}

// What the first event says of a correlation is what the others must say.
void Machine::learn(const Strand& strand, Frame& frame, const EventFilter& filter,
                    const json::Value& event) {
  ListenState& state = state_of(frame);
  for (const EventFilter::Correlation& one : filter.correlate) {
    const bool known = std::any_of(state.expected.begin(), state.expected.end(),
                                   [&one](const auto& entry) { return entry.first == one.name; });
    if (known || one.expect) continue;
    Result<json::Value> value = evaluate_in(strand, frame, one.from, event);
    if (value) state.expected.emplace_back(one.name, std::move(*value));
  }
}

// A wanted event has come.
void Machine::heard(Strand& strand, uint32_t position, const json::Value& event) {
  Frame& frame = strand.frames[position];
  const auto& body = std::get<ListenBody>(frame.node->body);
  ListenState& state = state_of(frame);
  const std::optional<size_t> filter = fitting(strand, frame, event);
  const bool any = body.strategy == ListenBody::Strategy::kAny;
  if (filter || (any && body.filters.empty() && !ends_listening(strand, frame, event))) {
    if (filter) {
      learn(strand, frame, body.filters[*filter], event);
      state.matched[*filter] = true;
    }
    state.events.push_back(as_read(event, body.read));
    state.over = has_enough(strand, frame);
  } else {
    state.over = true;
  }
  if (position + 1 == strand.frames.size() && frame.stage == Stage::kWait) next_event(strand);
}

bool Machine::has_enough(const Strand& strand, Frame& frame) const {
  const auto& body = std::get<ListenBody>(frame.node->body);
  const ListenState& state = state_of(frame);
  switch (body.strategy) {
    case ListenBody::Strategy::kOne:
      return true;
    case ListenBody::Strategy::kAll:
      return std::find(state.matched.begin(), state.matched.end(), false) == state.matched.end();
    case ListenBody::Strategy::kAny:
      break;
  }
  if (!body.until) return body.until_events.empty();
  json::Value consumed = json::Value::array();
  for (const json::Value& event : state.events) consumed.push_back(event);
  Result<json::Value> enough = evaluate_in(strand, frame, *body.until, consumed);
  return enough.ok() && enough->truthy();
}

// The listener waits: handle what has come with `foreach`, or end, or wait on.
void Machine::next_event(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<ListenBody>(frame.node->body);
  ListenState& state = state_of(frame);
  if (body.foreach_ && state.next < state.events.size()) {
    const auto index = static_cast<int64_t>(state.next);
    json::Value item = state.events[state.next++];
    set_locals(strand, item, json::Value::integer(index));
    return start_list(strand, *body.foreach_, std::move(item));
  }
  frame.stage = Stage::kWait;
  if (!state.over) return;
  drop(std::exchange(frame.waits_for, 0));
  json::Value all = json::Value::array();
  for (json::Value& one : body.foreach_ ? state.outputs : state.events)
    all.push_back(std::move(one));
  done(strand, std::move(all));
}

// The tasks of `foreach` are done with one event.
void Machine::event_handled(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<ListenBody>(frame.node->body);
  if (body.each_output.expression) {
    auto made = evaluate(strand, *body.each_output.expression, frame.value, "foreach.output.as");
    if (!made) return;
    frame.value = std::move(*made);
  }
  if (body.each_export.expression) {
    auto made = evaluate(strand, *body.each_export.expression, frame.value, "foreach.export.as");
    if (!made) return;
    frame.instance->context = std::move(*made);
  }
  state_of(frame).outputs.push_back(std::move(frame.value));
  next_event(strand);
}

}  // namespace penstock::flow
