#include "gateway/app/starters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/app/bus_event.h"

namespace penstock::gateway {

static constexpr std::string_view kPrefix = "starting/";
static constexpr uint64_t kRetryMs = 1'000;

std::string Starters::key_of(const std::string& name, uint64_t sequence) {
  return fmt::format("{}{}/{:016x}", kPrefix, name, sequence);
}

static records::EventFilters filters_of(const records::Schedule& schedule) {
  records::EventFilters made;
  *made.mutable_any() = schedule.on();
  return made;
}

void Starters::write(Writes writes) {
  if (!writes.empty()) context_.queue.define(std::move(writes), 0);
}

void Starters::load(const std::vector<queue::StoredDefinition>& stored) {
  for (const WorkflowPtr& workflow : context_.catalog.workflows()) changed(workflow->name());
  Writes gone;
  for (const auto& [key, value] : stored) {
    if (!key.starts_with(kPrefix)) continue;
    const size_t slash = key.rfind('/');
    const std::string name = key.substr(kPrefix.size(), slash - kPrefix.size());
    uint64_t sequence = 0;
    std::from_chars(key.data() + slash + 1, key.data() + key.size(), sequence, 16);
    Kept kept;
    const auto starter = starters_.find(name);
    if (starter == starters_.end() || !kept.record.ParseFromString(value)) {
      gone.push_back({key, ""});
      continue;
    }
    kept.event = std::move(*kept.record.mutable_event());
    kept.record.clear_event();
    kept.stored = true;
    starter->second.bytes += kept.event.size();
    starter->second.last_sequence = std::max(starter->second.last_sequence, sequence);
    starter->second.kept.emplace(sequence, std::move(kept));
  }
  for (const auto& [name, starter] : starters_)
    for (const auto& [sequence, kept] : starter.kept)
      if (!kept.record.matched()) ask(name, sequence);
  retry_at_ms_ = 0;
  write(std::move(gone));
}

void Starters::changed(const std::string& name) {
  const WorkflowPtr workflow = context_.catalog.workflow(name);
  const bool starts = workflow && !workflow->schedule().strategy().empty();
  const auto found = starters_.find(name);
  if (found != starters_.end()) {
    const records::Schedule& before = found->second.workflow->schedule();
    index_.remove(name, filters_of(before));
    // What was kept for other filters means nothing to these.
    if (!starts || before.SerializeAsString() != workflow->schedule().SerializeAsString()) {
      Writes writes;
      while (!found->second.kept.empty())
        drop(found->second, found->second.kept.begin()->first, writes);
      write(std::move(writes));
    }
  }
  if (!starts) {
    if (found != starters_.end()) starters_.erase(found);
    return;
  }
  starters_[name].workflow = workflow;
  index_.add(name, filters_of(workflow->schedule()));
}

void Starters::receive(const queue::CloudEvent& event) {
  for (const std::string& name : index_.find({event.type, event.source, event.subject}))
    receive(starters_.at(name), event);
}

void Starters::receive(Starter& starter, const queue::CloudEvent& event) {
  const records::Schedule& schedule = starter.workflow->schedule();
  const uint64_t sequence = ++starter.last_sequence;
  Kept& kept = starter.kept[sequence];
  kept.event = event.json;
  starter.bytes += event.json.size();
  bool more = schedule.correlates();
  for (int i = 0; i < schedule.on_size(); i++) {
    if (!queue::may_fit(schedule.on(i), {event.type, event.source, event.subject})) continue;
    more |= schedule.on(i).more();
    kept.record.add_filters(static_cast<uint32_t>(i));
  }
  Writes writes;
  if (more) {
    kept.record.clear_filters();
    keep(starter, sequence, writes);
    ask(starter.workflow->name(), sequence);
  } else {
    kept.record.set_matched(true);
    take(starter, sequence, writes);
  }
  bound(starter, writes);
  write(std::move(writes));
}

void Starters::keep(Starter& starter, uint64_t sequence, Writes& writes) {
  starter.kept.at(sequence).stored = true;
  records::StartingEvent record = starter.kept.at(sequence).record;
  record.set_event(starter.kept.at(sequence).event);
  writes.push_back({key_of(starter.workflow->name(), sequence), record.SerializeAsString()});
}

void Starters::drop(Starter& starter, uint64_t sequence, Writes& writes) {
  const auto found = starter.kept.find(sequence);
  if (found == starter.kept.end()) return;
  starter.bytes -= found->second.event.size();
  const bool stored = found->second.stored;
  starter.kept.erase(found);
  if (stored) writes.push_back({key_of(starter.workflow->name(), sequence), ""});
}

void Starters::bound(Starter& starter, Writes& writes) {
  while (starter.kept.size() > limits::starting_events_max ||
         starter.bytes > limits::starting_bytes_max) {
    context_.log.warn("too many events wait to start a workflow; the oldest is dropped",
                      {{"workflow", starter.workflow->name()}});
    drop(starter, starter.kept.begin()->first, writes);
  }
}

void Starters::ask(const std::string& name, uint64_t sequence) {
  const Starter& starter = starters_.at(name);
  worker::Match match;
  match.set_workflow(name);
  match.set_version(starter.workflow->version());
  match.set_event(starter.kept.at(sequence).event);
  context_.workers.match(std::move(match), [this, name, sequence, version = match.version()](
                                               const worker::Matched& matched) {
    on_matched(name, sequence, version, matched);
  });
}

void Starters::on_matched(const std::string& name, uint64_t sequence, uint32_t version,
                          const worker::Matched& matched) {
  const auto found = starters_.find(name);
  if (found == starters_.end() || !found->second.kept.contains(sequence)) return;
  Starter& starter = found->second;
  if (starter.workflow->version() != version) return ask(name, sequence);
  Writes writes;
  records::StartingEvent& record = starter.kept.at(sequence).record;
  record.set_matched(true);
  *record.mutable_filters() = matched.filters();
  record.set_correlation(matched.correlation());
  if (matched.filters().empty())
    drop(starter, sequence, writes);
  else
    take(starter, sequence, writes);
  write(std::move(writes));
}

bool Starters::try_start(Starter& starter, uint64_t sequence, Writes& writes) {
  if (starter.workflow->schedule().strategy() == "all") return start_all(starter, sequence, writes);
  if (!start(starter, {sequence})) return false;
  drop(starter, sequence, writes);
  return true;
}

/// The event fits: start, or wait for the others.
void Starters::take(Starter& starter, uint64_t sequence, Writes& writes) {
  if (!try_start(starter, sequence, writes)) keep(starter, sequence, writes);
}

/// For each filter the oldest event that fits it and belongs with the newest one.
bool Starters::start_all(Starter& starter, uint64_t sequence, Writes& writes) {
  const std::string& correlation = starter.kept.at(sequence).record.correlation();
  const auto wanted = static_cast<size_t>(starter.workflow->schedule().on_size());
  std::vector<uint64_t> chosen(wanted, 0);
  for (const auto& [number, kept] : starter.kept) {
    if (!kept.record.matched() || kept.record.correlation() != correlation) continue;
    for (const uint32_t filter : kept.record.filters()) {
      if (filter >= wanted || chosen[filter] != 0) continue;
      chosen[filter] = number;
      break;  // one event stands for one filter
    }
  }
  if (std::find(chosen.begin(), chosen.end(), 0u) != chosen.end()) return false;
  std::sort(chosen.begin(), chosen.end());  // as they came
  if (!start(starter, chosen)) return false;
  for (const uint64_t number : chosen) drop(starter, number, writes);
  return true;
}

uint64_t Starters::turn() {
  if (context_.clock.monotonic_ms() < retry_at_ms_) return retry_at_ms_;
  retry_at_ms_ = UINT64_MAX;
  Writes writes;
  for (auto& [name, starter] : starters_) {
    std::vector<uint64_t> matched;
    for (const auto& [sequence, kept] : starter.kept)
      if (kept.record.matched()) matched.push_back(sequence);
    for (const uint64_t sequence : matched) {
      if (!starter.kept.contains(sequence)) continue;  // started with an earlier one
      try_start(starter, sequence, writes);
      if (retry_at_ms_ != UINT64_MAX) break;
    }
  }
  write(std::move(writes));
  return retry_at_ms_;
}

bool Starters::start(const Starter& starter, const std::vector<uint64_t>& sequences) {
  std::string body = "[";
  for (const uint64_t sequence : sequences) {
    if (body.size() > 1) body += ',';
    body += event_as_read(starter.kept.at(sequence).event, starter.workflow->schedule().read());
  }
  body += ']';
  records::EventMeta meta;
  meta.set_workflow(starter.workflow->name());
  meta.set_workflow_version(starter.workflow->version());
  meta.set_kind("emitted");
  if (auto first = read_event(starter.kept.at(sequences.back()).event)) {
    meta.set_type(first->type);
    meta.set_source(first->source);
    meta.set_subject(first->subject);
  }
  auto admitted =
      context_.queue.accept(queue::NewEvent{std::move(meta), Body(body), false, {}, true}, 0);
  if (const auto* rejected = std::get_if<Rejected>(&admitted)) {
    context_.log.warn("an event could not start a workflow yet",
                      {{"workflow", starter.workflow->name()}, {"why", rejected->detail}});
    retry_at_ms_ = context_.clock.monotonic_ms() + kRetryMs;
    return false;
  }
  return true;
}

}  // namespace penstock::gateway
