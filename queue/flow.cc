#include "queue/flow.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace penstock::queue {

static const FlowLimits kNoLimits;
static constexpr double kCatchUpMs = 50;  // a loop that came late may begin what it missed
static constexpr uint64_t kBreakerOpenMs = 30'000;

static std::string group_name(const std::string& trigger, const std::string& workflow) {
  return trigger + '\0' + workflow;
}

static uint32_t max_of(const FlowLimits& limits) {
  return limits.concurrency_max ? limits.concurrency_max : UINT32_MAX;
}

FlowGroup& Flow::group_of(const std::string& trigger, const std::string& workflow) {
  std::unique_ptr<FlowGroup>& group = groups_[group_name(trigger, workflow)];
  if (group) return *group;
  const auto limits = limits_.find(trigger);
  group = std::make_unique<FlowGroup>();
  group->trigger = trigger;
  group->workflow = workflow;
  group->limits = limits == limits_.end() ? &kNoLimits : &limits->second;
  group->all.max = max_of(*group->limits);
  return *group;
}

void Flow::set_limits(const std::string& trigger, const FlowLimits& limits, uint64_t now_ms) {
  const bool none = limits == kNoLimits;
  if (none && !limits_.count(trigger)) return;
  FlowLimits& kept = limits_[trigger];
  kept = limits;
  for (auto& [name, group] : groups_) {
    if (group->trigger != trigger) continue;
    group->limits = none ? &kNoLimits : &kept;
    if (limits.breaker_failures == 0) group->breaker.state = FlowBreaker::State::kClosed;
    group->begin_ms = 0;
    group->all.max = max_of(limits);
    for (auto& [key, gate] : group->keys) {
      gate->max = max_of(limits);
      call(*group, *gate, now_ms);
    }
    call(*group, group->all, now_ms);
  }
  if (none) limits_.erase(trigger);
}

static FlowGate* gate_of(std::unordered_map<std::string, std::unique_ptr<FlowGate>>& gates,
                         const std::string& name, uint32_t max) {
  std::unique_ptr<FlowGate>& gate = gates[name];
  if (!gate) {
    gate = std::make_unique<FlowGate>();
    gate->name = name;
    gate->max = max;
  }
  gate->users++;
  return gate.get();
}

void Flow::attach(Run& run) {
  if (run.flow || !concerns(run.labels)) return;
  static const FlowLabels kNoLabels;
  const FlowLabels& labels = run.labels.flow ? *run.labels.flow : kNoLabels;
  if (labels.lane.empty() && limits_.count(run.labels.trigger) == 0) return;  // a priority only
  FlowGroup& group = group_of(run.labels.trigger, labels.workflow);
  group.users++;
  run.flow = std::make_unique<RunFlow>();
  run.flow->group = &group;
  if (!labels.lane.empty()) run.flow->lane = gate_of(group.lanes, labels.lane, 1);
  if (!labels.concurrency_key.empty() && group.limits->concurrency_max)
    run.flow->key = gate_of(group.keys, labels.concurrency_key, max_of(*group.limits));
}

void Flow::restore_head(Run& run) {
  if (!run.flow || !run.flow->lane || run.flow->lane->inside) return;
  run.flow->lane->inside = 1;
  run.flow->head = true;
}

bool Flow::time_stops(const FlowGroup& group, uint64_t now_ms) const {
  const bool early = group.limits->throttle_per_s > 0 && static_cast<double>(now_ms) < group.begin_ms;
  return early || !group.breaker.lets_through(now_ms);
}

/// Beginnings are let through one at a time.
static bool is_timed(const FlowGroup& group) {
  return group.limits->throttle_per_s > 0 || group.breaker.state != FlowBreaker::State::kClosed;
}

/// Whether a run that this gate may have called finds room in it.
static bool admits(const FlowGate& gate, const RunFlow& flow) {
  if (flow.called_by == &gate) return gate.inside < gate.max;
  return gate.waiting.empty() && gate.has_room();
}

FlowGate* Flow::stopped_by(Run& run, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  FlowGroup& group = *flow.group;
  if (flow.lane && !flow.head) {
    if (!admits(*flow.lane, flow)) return flow.lane;
    flow.lane->inside = 1;
    flow.head = true;
    if (flow.called_by == flow.lane) {
      flow.lane->called--;
      flow.called_by = nullptr;
    }
    // Its forerunner's end must be durable first, or a crash would run that one after it.
    run.ticket = std::max(run.ticket, lanes_freed_);
  }
  if (flow.key && !admits(*flow.key, flow)) return flow.key;
  if (!flow.key && !admits(group.all, flow)) return &group.all;
  // Whoever was called has the next beginning; a newcomer must not take it meanwhile.
  const bool spoken_for = group.all.called > 0 && flow.called_by != &group.all && is_timed(group);
  return spoken_for || time_stops(group, now_ms) ? &group.all : nullptr;
}

void Flow::hold(Run& run, FlowGate& gate, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  flow.held_by = &gate;
  if (flow.called_by == &gate) gate.waiting.push_front(run);  // it keeps its turn
  else gate.waiting.push_back(run);
  flow.group->held++;
  held_++;
  settle(run, now_ms);
  if (&gate == &flow.group->all && time_stops(*flow.group, now_ms)) timed_.insert(flow.group);
}

void Flow::unhold(Run& run) {
  RunFlow& flow = *run.flow;
  flow.held_by->waiting.remove(run);
  flow.held_by = nullptr;
  flow.group->held--;
  held_--;
}

/// The call it came to the front by is used up: the gate may call another.
void Flow::settle(Run& run, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  FlowGate* gate = std::exchange(flow.called_by, nullptr);
  if (!gate) return;
  gate->called--;
  call(*flow.group, *gate, now_ms);
}

void Flow::call(FlowGroup& group, FlowGate& gate, uint64_t now_ms) {
  const bool all = &gate == &group.all;
  while (Run* run = gate.waiting.front()) {
    if (all) {
      if (time_stops(group, now_ms)) {
        timed_.insert(&group);
        return;
      }
      if (is_timed(group) && gate.called > 0) return;
      if (!run->flow->key && !gate.has_room()) return;
    } else if (!gate.has_room()) {
      return;
    }
    unhold(*run);
    gate.called++;
    run->flow->called_by = &gate;
    called_.push_back(run);
  }
}

void Flow::begun(Run& run, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  FlowGroup& group = *flow.group;
  flow.inside = true;
  group.running++;
  (flow.key ? flow.key : &group.all)->inside++;
  if (const double rate = group.limits->throttle_per_s; rate > 0)
    group.begin_ms =
        std::max(group.begin_ms, static_cast<double>(now_ms) - kCatchUpMs) + 1000 / rate;
  if (group.breaker.state != FlowBreaker::State::kClosed) {
    group.breaker.state = FlowBreaker::State::kHalfOpen;
    group.breaker.probing = flow.probe = true;
  }
  settle(run, now_ms);
}

void Flow::left(Run& run, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  FlowGroup& group = *flow.group;
  if (!flow.inside) return;
  flow.inside = false;
  group.running--;
  FlowGate& gate = flow.key ? *flow.key : group.all;
  gate.inside--;
  call(group, gate, now_ms);
}

void Flow::paused(Run& run, uint64_t now_ms) {
  FlowGroup& group = *run.flow->group;
  if (!run.flow->probe) return;
  run.flow->probe = group.breaker.probing = false;
  call(group, group.all, now_ms);
}

void Flow::judge(FlowGroup& group, const RunFlow& flow, records::RunStatus status,
                 uint64_t now_ms) {
  FlowBreaker& breaker = group.breaker;
  if (flow.probe) breaker.probing = false;
  if (group.limits->breaker_failures == 0 || status == records::CANCELLED) return;
  if (status == records::SUCCEEDED) {
    breaker.failures = 0;
    if (flow.probe) breaker.state = FlowBreaker::State::kClosed;
    return;
  }
  breaker.failures++;
  const bool closed = breaker.state == FlowBreaker::State::kClosed;
  if (!flow.probe && !(closed && breaker.failures >= group.limits->breaker_failures)) return;
  const uint64_t open_ms = group.limits->breaker_open_ms;
  breaker.state = FlowBreaker::State::kOpen;
  breaker.open_until_ms = now_ms + (open_ms ? open_ms : kBreakerOpenMs);
  breaker.opened++;
  if (!group.all.waiting.empty()) timed_.insert(&group);
}

void Flow::ended(Run& run, records::RunStatus status, Ticket ticket, uint64_t now_ms) {
  RunFlow& flow = *run.flow;
  FlowGroup& group = *flow.group;
  judge(group, flow, status, now_ms);
  settle(run, now_ms);
  call(group, group.all, now_ms);
  if (flow.head) {
    lanes_freed_ = ticket;
    flow.lane->inside = 0;
    call(group, *flow.lane, now_ms);
  }
  detach(run);
}

void Flow::detach(Run& run) {
  const std::unique_ptr<RunFlow> flow = std::move(run.flow);
  FlowGroup& group = *flow->group;
  if (flow->lane && --flow->lane->users == 0) group.lanes.erase(std::string(flow->lane->name));
  if (flow->key && --flow->key->users == 0) group.keys.erase(std::string(flow->key->name));
  if (--group.users > 0 || group.limits != &kNoLimits) return;
  timed_.erase(&group);
  groups_.erase(group_name(group.trigger, group.workflow));
}

void Flow::tick(uint64_t now_ms) {
  if (timed_.empty()) return;
  const std::set<FlowGroup*> timed = std::exchange(timed_, {});
  for (FlowGroup* group : timed) call(*group, group->all, now_ms);  // puts it back while it must wait
}

uint64_t Flow::next_ms() const {
  uint64_t next = UINT64_MAX;
  for (const FlowGroup* group : timed_) {
    uint64_t at = static_cast<uint64_t>(std::ceil(group->begin_ms));
    const FlowBreaker& breaker = group->breaker;
    if (breaker.state == FlowBreaker::State::kOpen) at = std::max(at, breaker.open_until_ms);
    if (breaker.state == FlowBreaker::State::kHalfOpen && breaker.probing) continue;
    next = std::min(next, at);
  }
  return next;
}

const char* Flow::reason(const Run& run, uint64_t now_ms) const {
  if (!run.flow || !run.flow->held_by) return "";
  const RunFlow& flow = *run.flow;
  if (flow.held_by == flow.lane) return "lane";
  if (flow.held_by == flow.key) return "concurrency";
  if (!flow.group->breaker.lets_through(now_ms)) return "breaker";
  const FlowGroup& group = *flow.group;
  if (group.all.inside >= group.all.max && !flow.key) return "concurrency";
  return group.limits->throttle_per_s > 0 ? "throttle" : "concurrency";
}

uint64_t Flow::ahead(const Run& run) const {
  static constexpr uint64_t kCountedMax = 1000;
  uint64_t ahead = 0;
  if (!run.flow || !run.flow->held_by) return 0;
  const auto& waiting = run.flow->held_by->waiting;
  for (const Run* other = waiting.front(); other != &run && ahead < kCountedMax;
       other = waiting.after(*other))
    ahead++;
  return ahead;
}

std::vector<FlowState> Flow::states(uint64_t now_ms) const {
  static constexpr const char* kBreakerWords[] = {"closed", "open", "half-open"};
  std::vector<FlowState> all;
  for (const auto& [name, group] : groups_) {
    FlowState state;
    state.trigger = group->trigger;
    state.workflow = group->workflow;
    state.running = group->running;
    state.held = group->held;
    state.lanes = group->lanes.size();
    state.breaker = kBreakerWords[static_cast<size_t>(group->breaker.state)];
    state.failures = group->breaker.failures;
    state.opened = group->breaker.opened;
    if (group->breaker.state == FlowBreaker::State::kOpen && group->breaker.open_until_ms > now_ms)
      state.open_for_ms = group->breaker.open_until_ms - now_ms;
    all.push_back(std::move(state));
  }
  return all;
}

}  // namespace penstock::queue
