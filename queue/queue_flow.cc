// Runs that lanes and limits hold back (flow.h decides which), and their way back to the front.
#include <algorithm>

#include "queue/queue.h"

namespace penstock::queue {

static size_t bytes_of(const Event& event) { return event.meta.size() + event.body.size(); }

void Queue::set_flow(const std::string& trigger, const FlowLimits& limits, Now now) {
  flow_.set_limits(trigger, limits, now.monotonic_ms);
  line_up_called();
}

bool Queue::held_back(Run& run, Now now) {
  if (!run.flow) return false;
  FlowGate* gate = flow_.stopped_by(run, now.monotonic_ms);
  if (!gate) return false;
  const bool loaded = run.state == RunState::kLoaded;
  leave(run, now);
  run.state = RunState::kHeld;
  // The bodies of many that wait for long need not be in memory; what was loaded once is loaded
  // again with its journal.
  const bool keeps = run.event && !loaded && held_bodies_ < options_.window_events_max / 2 &&
                     held_bytes_ < options_.window_bytes_max / 2;
  if (keeps) {
    held_bodies_++;
    held_bytes_ += bytes_of(*run.event);
  } else if (run.event) {
    run.event = nullptr;
    run.journal.clear();
    run.pieces.clear();
    run.ticket = std::max(run.ticket, newest_ticket());  // it must be there to be read
  }
  flow_.hold(run, *gate, now.monotonic_ms);
  line_up_called();
  return true;
}

void Queue::line_up_called() {
  std::vector<Run*> called = flow_.take_called();
  for (auto at = called.rbegin(); at != called.rend(); ++at) {
    Run& run = **at;
    if (!run.event) {
      make_due(run);
      continue;
    }
    held_bodies_--;
    held_bytes_ -= bytes_of(*run.event);
    run.state = RunState::kReady;
    ready_bytes_ += bytes_of(*run.event);
    ready_.push_front(run);
  }
}

void Queue::note_flow(const Run& run, records::FlowPlace& place) {
  place.set_trigger(run.labels.trigger);
  place.set_lane_head(run.flow && run.flow->head);
  if (!run.labels.flow) return;
  place.set_workflow(run.labels.flow->workflow);
  place.set_lane(run.labels.flow->lane);
  place.set_concurrency_key(run.labels.flow->concurrency_key);
  place.set_priority(run.labels.flow->priority);
}

void Queue::recover_flow(Run& run, const records::FlowPlace& place) {
  run.labels.trigger = place.trigger();
  run.labels.flow = std::make_shared<const FlowLabels>(FlowLabels{
      place.lane(), place.concurrency_key(), place.workflow(), place.priority()});
  flow_.attach(run);
  if (place.lane_head()) flow_.restore_head(run);
}

void Queue::pause_flow(Run& run, Now now) {
  if (!run.flow) return;
  flow_.paused(run, now.monotonic_ms);
  line_up_called();
}

}  // namespace penstock::queue
