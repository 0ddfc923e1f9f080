// Events inside the queue: who listens, what is kept for them, and when it wakes a run.
#include <algorithm>

#include "queue/queue.h"

namespace penstock::queue {

static records::Outcome deaf(std::string title, std::string detail) {
  records::Outcome outcome;
  outcome.set_status(records::FAILED);
  outcome.mutable_error()->set_type(
      "https://open-workflow-specification.org/spec/1.0.0/errors/runtime");
  outcome.mutable_error()->set_status(500);
  outcome.mutable_error()->set_title(std::move(title));
  outcome.mutable_error()->set_detail(std::move(detail));
  return outcome;
}

static EventNames names_of(const CloudEvent& event) {
  return {event.type, event.source, event.subject};
}

static bool is_too_much(const records::EventFilters& filters) {
  if (filters.any_size() > static_cast<int>(limits::event_filters_max)) return true;
  for (const records::EventFilter& filter : filters.any())
    if (filter.ByteSizeLong() > limits::event_filter_bytes_max) return true;
  return false;
}

void Queue::listen(Id id, uint64_t fence, uint32_t ordinal, records::EventFilters filters,
                   Now now) {
  Run* run = leased(id, fence);
  if (!run) return;
  if (!run->listening) run->listening = std::make_unique<Listening>();
  auto& all = run->listening->subscriptions;
  for (const records::Subscription& known : all)
    if (known.ordinal() == ordinal) return;  // asked again by a later attempt
  if (all.size() >= limits::listeners_max || is_too_much(filters)) {
    act(batch_.ticket, CancelRun{run->worker, id, fence});
    end(*run, deaf("The run listens for too much", "it has too many listeners or filters"), now);
    return;
  }
  index_.add({id, ordinal}, filters);
  records::Subscription& added = all.emplace_back();
  added.set_ordinal(ordinal);
  *added.mutable_filters() = std::move(filters);
  store_live(*run, records::RUNNING);
}

void Queue::unlisten(Id id, uint64_t fence, uint32_t ordinal) {
  Run* run = leased(id, fence);
  if (!run || !run->listening) return;
  auto& all = run->listening->subscriptions;
  const auto found = std::find_if(all.begin(), all.end(), [ordinal](const auto& one) {
    return one.ordinal() == ordinal;
  });
  if (found == all.end()) return;
  index_.remove({id, ordinal}, found->filters());
  all.erase(found);
  store_live(*run, records::RUNNING);
}

// The journal is past the first `heard` events: they need not be kept. The count must be durable
// with that, or later events would get the numbers again.
void Queue::take_heard(Run& run, uint32_t heard) {
  if (!run.listening) return;
  Listening& ears = *run.listening;
  heard = std::min(heard, ears.inbox_count);
  if (heard <= ears.inbox_done) return;
  batch_.forget_inbox.push_back({run.id, ears.inbox_done, heard});
  const auto end = ears.sizes.begin() + (heard - ears.inbox_done);
  for (auto at = ears.sizes.begin(); at != end; ++at) ears.inbox_bytes -= *at;
  ears.sizes.erase(ears.sizes.begin(), end);
  ears.inbox_done = heard;
  store_live(run, records::RUNNING);
}

void Queue::stop_listening(Run& run) {
  if (!run.listening) return;
  const Listening& ears = *run.listening;
  for (const records::Subscription& one : ears.subscriptions)
    index_.remove({run.id, one.ordinal()}, one.filters());
  if (ears.has_news()) batch_.forget_inbox.push_back({run.id, ears.inbox_done, ears.inbox_count});
  run.listening.reset();
}

void Queue::keep_for(Run& run, std::vector<uint32_t> ordinals, const CloudEvent& event, Now now) {
  Listening& ears = *run.listening;
  if (ears.sizes.size() >= limits::inbox_events_max ||
      ears.inbox_bytes + event.json.size() > limits::inbox_bytes_max) {
    if (run.state == RunState::kRunning)
      act(batch_.ticket, CancelRun{run.worker, run.id, run.fence});
    end(run, deaf("The run's inbox is full", "more events came than it takes up"), now);
    return;
  }
  auto record = std::make_shared<records::InboxRecord>();
  record->set_event(event.json);
  record->set_at_ms(now.wall_ms);
  record->mutable_ordinals()->Add(ordinals.begin(), ordinals.end());
  const uint32_t sequence = ears.inbox_count++;
  ears.sizes.push_back(static_cast<uint32_t>(event.json.size()));
  ears.inbox_bytes += event.json.size();
  run.ticket = batch_.ticket;
  batch_.inbox.push_back({run.id, sequence, record});
  if (run.state == RunState::kRunning) {
    act(batch_.ticket, Heard{run.worker, run.id, run.fence, sequence, std::move(record)});
  } else if (run.state == RunState::kLoaded) {
    run.inbox.push_back(record->SerializeAsString());
  } else if (run.state == RunState::kWaiting && run.parked) {
    leave(run, now);
    make_due(run);
  }
}

void Queue::publish(const CloudEvent& event, Now now) {
  const std::vector<ListenerKey> wanted = index_.find(names_of(event));
  for (size_t i = 0; i < wanted.size();) {
    std::vector<uint32_t> ordinals;
    const Id id = wanted[i].run;
    for (; i < wanted.size() && wanted[i].run == id; i++) ordinals.push_back(wanted[i].ordinal);
    if (Run* run = runs_.find(id)) keep_for(*run, std::move(ordinals), event, now);
  }
  counts_.published++;
}

bool Queue::holds(Id id, uint64_t fence) const {
  const Run* run = runs_.find(id);
  return run && run->state == RunState::kRunning && run->fence == fence;
}

void Queue::emitted(Id id, uint64_t fence, uint32_t ordinal) {
  const Run* run = leased(id, fence);
  if (run) act(std::max(newest_ticket(), run->ticket), Emitted{run->worker, id, fence, ordinal});
}

void Queue::signal(Id id, const CloudEvent& event, Cookie cookie, Now now) {
  Run* run = runs_.find(id);
  if (!run || run->state == RunState::kEnding) {
    const bool queued = !run && spilled(id);
    act(0, Signalled{cookie, queued ? SignalFate::kNotListening : SignalFate::kUnknown});
    return;
  }
  std::vector<uint32_t> ordinals;
  if (run->listening) {
    for (const records::Subscription& one : run->listening->subscriptions)
      if (may_want(one.filters(), names_of(event))) ordinals.push_back(one.ordinal());
  }
  if (ordinals.empty()) {
    act(run->ticket, Signalled{cookie, SignalFate::kNotListening});
    return;
  }
  keep_for(*run, std::move(ordinals), event, now);
  act(batch_.ticket, Signalled{cookie, SignalFate::kKept});
}

void Queue::recover_ears(Run& run, const records::LiveRecord& live) {
  if (live.subscriptions().empty() && live.inbox_count() == 0) return;
  run.listening = std::make_unique<Listening>();
  Listening& ears = *run.listening;
  ears.subscriptions.assign(live.subscriptions().begin(), live.subscriptions().end());
  ears.inbox_count = live.inbox_count();
  ears.inbox_done = live.inbox_done();
  for (const records::Subscription& one : ears.subscriptions)
    index_.add({run.id, one.ordinal()}, one.filters());
  // The sizes are known again once the run is read back; until then only the number bounds it.
  ears.sizes.assign(ears.inbox_count - ears.inbox_done, 0);
}

Status Queue::take_inbox(Run& run, std::vector<std::string> inbox, bool& stale) {
  stale = false;
  if (!run.listening) return {};
  Listening& ears = *run.listening;
  if (inbox.size() < ears.asked - ears.inbox_done)
    return Status::corrupt("inbox of " + run.id.text() + " is not what was written");
  if (inbox.size() != ears.inbox_count - ears.inbox_done) {  // one came while it was read
    stale = true;
    return {};
  }
  ears.sizes.clear();
  ears.inbox_bytes = 0;
  for (const std::string& entry : inbox) {
    ears.sizes.push_back(static_cast<uint32_t>(entry.size()));
    ears.inbox_bytes += entry.size();
  }
  run.inbox = std::move(inbox);
  return {};
}

}  // namespace penstock::queue
