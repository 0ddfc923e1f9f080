#include "gateway/app/schedules.h"

#include "gateway/app/json_text.h"

namespace penstock::gateway {

static constexpr std::string_view kPrefix = "schedule/";
static constexpr uint64_t kRetryMs = 1'000;

static bool has_clock(const records::Schedule& schedule) {
  return schedule.every_ms() || schedule.after_ms() || !schedule.cron().empty();
}

std::string schedule_fault(const records::Schedule& schedule) {
  if (schedule.every_ms() && schedule.every_ms() < limits::every_ms_min)
    return "schedule.every must be at least " + std::to_string(limits::every_ms_min) + " ms";
  if (schedule.after_ms() && schedule.after_ms() < limits::every_ms_min)
    return "schedule.after must be at least " + std::to_string(limits::every_ms_min) + " ms";
  if (schedule.cron().empty()) return "";
  const Result<Cron> cron = Cron::parse(schedule.cron());
  return cron ? "" : cron.status().message();
}

void Schedules::load(const std::vector<queue::StoredDefinition>& stored) {
  for (const auto& [key, value] : stored) {
    records::ScheduleState state;
    if (key.starts_with(kPrefix) && state.ParseFromString(value))
      found_[key.substr(kPrefix.size())] = std::move(state);
  }
  for (const WorkflowPtr& workflow : context_.catalog.workflows()) changed(workflow->name());
  for (const auto& [name, state] : std::exchange(found_, {}))
    if (!entries_.contains(name)) context_.queue.define({{std::string(kPrefix) + name, ""}}, 0);
}

uint64_t Schedules::next_of(const Entry& entry, uint64_t after_ms) const {
  const records::Schedule& schedule = entry.workflow->schedule();
  if (const uint64_t every = schedule.every_ms()) {
    const uint64_t anchor = entry.state.anchor_ms();
    const uint64_t passed = after_ms > anchor ? after_ms - anchor : 0;
    return anchor + (passed / every + 1) * every;
  }
  if (entry.cron) return entry.cron->next(after_ms).value_or(0);
  return after_ms + schedule.after_ms();
}

void Schedules::changed(const std::string& name) {
  const WorkflowPtr workflow = context_.catalog.workflow(name);
  if (!workflow || !has_clock(workflow->schedule())) return forget(name);
  Entry& entry = entries_[name];
  if (entry.workflow && entry.workflow->version() == workflow->version()) return;
  due_.erase({entry.state.next_ms(), name});
  entry.workflow = workflow;
  entry.cron.reset();
  if (!workflow->schedule().cron().empty()) {
    Result<Cron> cron = Cron::parse(workflow->schedule().cron());
    if (cron)
      entry.cron = *cron;
    else
      context_.log.error("a workflow's cron cannot be read",
                         {{"workflow", name}, {"why", cron.status().message()}});
  }
  if (const auto known = found_.find(name);
      known != found_.end() && known->second.version() == workflow->version()) {
    entry.state = known->second;
    if (entry.state.next_ms())
      due_.insert({entry.state.next_ms(), name});
    else
      wait_for(name, entry);
    return;
  }
  const uint64_t now_ms = context_.clock.wall_ms();
  entry.state = {};
  entry.state.set_version(workflow->version());
  entry.state.set_anchor_ms(now_ms);
  set_next(name, entry, next_of(entry, now_ms));
  store(name, entry);
}

void Schedules::forget(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  due_.erase({found->second.state.next_ms(), name});
  entries_.erase(found);
  context_.queue.define({{std::string(kPrefix) + name, ""}}, 0);
}

void Schedules::set_next(const std::string& name, Entry& entry, uint64_t next_ms) {
  due_.erase({entry.state.next_ms(), name});
  entry.state.set_next_ms(next_ms);
  if (next_ms) due_.insert({next_ms, name});
}

void Schedules::store(const std::string& name, const Entry& entry) {
  context_.queue.define({{std::string(kPrefix) + name, entry.state.SerializeAsString()}}, 0);
}

/// `after`: the clock stands until the run that it started is over.
void Schedules::wait_for(const std::string& name, const Entry& entry) {
  if (entry.workflow->schedule().after_ms() == 0 || entry.state.run().size() != 16) return;
  const Id run = Id::from_raw(entry.state.run());
  awaited_[run] = name;
  const auto cookie =
      context_.pending.read([this, name, run](queue::ReadDone& done) { on_read(name, run, done); });
  context_.queue.read_run(run, false, cookie);
}

void Schedules::on_read(const std::string& name, Id run, queue::ReadDone& done) {
  const auto awaited = awaited_.find(run);
  if (awaited == awaited_.end()) return;
  const auto* read = std::get_if<queue::RunRead>(&done.value);
  const bool lasts = done.status.ok() && read && read->event && !read->result && !read->expired;
  if (lasts) return;  // its end will be told
  awaited_.erase(awaited);
  run_ended(name, read && read->result ? read->result->finished_at_ms() : context_.clock.wall_ms());
}

void Schedules::on_ended(Id run) {
  if (awaited_.empty()) return;
  const auto found = awaited_.find(run);
  if (found == awaited_.end()) return;
  const std::string name = found->second;
  awaited_.erase(found);
  run_ended(name, context_.clock.wall_ms());
}

void Schedules::run_ended(const std::string& name, uint64_t at_ms) {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.state.next_ms()) return;
  set_next(name, found->second, next_of(found->second, at_ms));
  store(name, found->second);
}

bool Schedules::start(const std::string& name, Entry& entry) {
  records::EventMeta meta;
  meta.set_workflow(name);
  meta.set_workflow_version(entry.workflow->version());
  meta.set_kind("schedule");
  meta.set_type("penstock.schedule");
  meta.set_source("/workflows/" + name);
  meta.set_subject(iso_time(entry.state.next_ms()));
  auto admitted =
      context_.queue.accept(queue::NewEvent{std::move(meta), Body("{}"), false, {}, true}, 0);
  const Id* run = std::get_if<Id>(&admitted);
  if (!run) return false;
  entry.state.set_run(std::string(run->raw()));
  const bool after = entry.workflow->schedule().after_ms() && !entry.cron &&
                     entry.workflow->schedule().every_ms() == 0;
  const uint64_t now_ms = std::max(context_.clock.wall_ms(), entry.state.next_ms());
  set_next(name, entry, after ? 0 : next_of(entry, now_ms));
  if (after) awaited_[*run] = name;
  store(name, entry);
  return true;
}

uint64_t Schedules::turn() {
  const uint64_t wall_ms = context_.clock.wall_ms(), now_ms = context_.clock.monotonic_ms();
  if (context_.health.draining) return UINT64_MAX;
  while (!due_.empty() && due_.begin()->first <= wall_ms) {
    const std::string name = due_.begin()->second;
    if (!start(name, entries_.at(name))) return now_ms + kRetryMs;  // the tick is not lost
  }
  return due_.empty() ? UINT64_MAX : now_ms + (due_.begin()->first - wall_ms);
}

uint64_t Schedules::next_ms(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? 0 : found->second.state.next_ms();
}

}  // namespace penstock::gateway
