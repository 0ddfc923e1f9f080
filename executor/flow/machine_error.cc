#include <algorithm>
#include <cmath>

#include "executor/flow/machine.h"
#include "proto/limits.h"

namespace penstock::flow {
namespace {

constexpr uint64_t kAskedMsMax = 3'600'000;  // whoever asks for more is not left alone for longer

// A number that a replay draws again: splitmix64 of the run and the ordinal.
uint64_t drawn(const Id& id, Ordinal ordinal) {
  uint64_t z = std::hash<Id>()(id) + 0x9e3779b97f4a7c15u * (ordinal + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

uint64_t backed_off(uint64_t delay_ms, RetryPolicy::Backoff backoff, uint64_t retry) {
  double factor = 1;
  if (backoff == RetryPolicy::Backoff::kLinear) factor = static_cast<double>(retry);
  if (backoff == RetryPolicy::Backoff::kExponential) {
    factor = std::pow(2.0, static_cast<double>(std::min<uint64_t>(retry - 1, 60)));
  }
  const double ms = static_cast<double>(delay_ms) * factor;
  return static_cast<uint64_t>(std::min(ms, static_cast<double>(limits::duration_ms_max)));
}

TryState& state_of(Frame& frame) {
  if (!std::holds_alternative<std::unique_ptr<TryState>>(frame.state)) {
    frame.state = std::make_unique<TryState>();
  }
  return *std::get<std::unique_ptr<TryState>>(frame.state);
}

}  // namespace

void Machine::begin_raise(Strand& strand) {
  const Frame& frame = strand.frames.back();
  const Template& part = std::get<RaiseBody>(frame.node->body).error;
  std::optional<json::Value> value = evaluate(strand, part, frame.input, "raise");
  if (value) fail(strand, Error::from(*value));
}

void Machine::begin_try(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<TryBody>(frame.node->body);
  if (body.retry && body.retry->attempt_limit) {
    const std::optional<uint64_t> limit =
        duration(strand, *body.retry->attempt_limit, "retry.limit.attempt.duration");
    if (!limit) return;
    state_of(frame).attempt_timer = ask_timer(strand, Purpose::kAttempt, *limit);
  }
  json::Value input = frame.input;
  start_list(strand, body.tasks, std::move(input));
}

// An error rises through the frames until a `try` takes it, or out of the strand.
void Machine::fail(Strand& strand, Error error) {
  const Node& source = *strand.frames.back().node;
  if (error.instance.empty()) error.instance = source.reference;
  if (info_.observer) info_.observer->error_raised(source, error);
  while (!strand.frames.empty()) {
    if (caught(strand, error)) return;
    pop(strand, TaskStatus::kFailed);
  }
  strand_failed(strand, std::move(error));
}

// Whether the top frame takes the error; what its conditions do wrong takes the error's place.
bool Machine::caught(Strand& strand, Error& error) {
  Frame& frame = strand.frames.back();
  const auto* body = std::get_if<TryBody>(&frame.node->body);
  if (!body || frame.stage != Stage::kList || frame.in_extension()) return false;
  TryState& state = state_of(frame);
  if (state.handling || !filter_matches(*body, error)) return false;
  set_locals(strand, error.value(), std::nullopt);
  const std::optional<bool> when = condition(strand, body->when, true, error);
  if (!when || !*when) return false;
  const std::optional<bool> except = condition(strand, body->except_when, false, error);
  if (!except || *except) return false;
  if (state.attempt_timer) drop(std::exchange(state.attempt_timer, 0));
  if (body->retry) {
    if (retried(strand, error)) return true;
    if (!body->handler) return false;
  }
  json::Value input = frame.input;
  if (body->handler) {
    state.handling = true;
    start_list(strand, *body->handler, std::move(input));
  } else {
    done(strand, std::move(input));
    if (body->then) frame.then = *body->then;
  }
  return true;
}

// A condition of the top frame's catch. nullopt: it failed; `error` is now its error.
std::optional<bool> Machine::condition(Strand& strand, const std::optional<Expression>& when,
                                       bool absent, Error& error) {
  if (!when) return absent;
  const Frame& frame = strand.frames.back();
  Result<json::Value> value = evaluate_for(strand, *when, frame.input);
  if (value) return value->truthy();
  error = Error::of(ErrorKind::kExpression, "catch: " + value.status().message());
  error.instance = frame.node->reference;
  return std::nullopt;
}

bool Machine::filter_matches(const TryBody& body, const Error& error) const {
  const json::Value& filter = body.filter;
  for (size_t i = 0; i < filter.size(); i++) {
    const json::Member member = filter.member(i);
    const std::string_view key = member.key.as_string(), text = member.value.as_string();
    if (key == "type" && !same_error_type(text, error.type)) return false;
    if (key == "status" && member.value.as_integer() != static_cast<int64_t>(error.status))
      return false;
    if (key == "instance" && text != error.instance) return false;
    if (key == "title" && text != error.title) return false;
    if ((key == "detail" || key == "details") && text != error.detail) return false;
  }
  return true;
}

// Whether the top frame's policy allows one more try; then its delay has begun.
bool Machine::retried(Strand& strand, Error& error) {
  Frame& frame = strand.frames.back();
  const RetryPolicy& policy = *std::get<TryBody>(frame.node->body).retry;
  TryState& state = state_of(frame);
  const std::optional<bool> when = condition(strand, policy.when, true, error);
  if (!when || !*when) return false;
  const std::optional<bool> except = condition(strand, policy.except_when, false, error);
  if (!except || *except) return false;
  const uint64_t most = policy.attempts_max.value_or(limits::retries_max);
  if (state.retries >= std::min(most, limits::retries_max)) return false;
  if (state.retries == 0) state.first_failure_ms = now_ms_;
  state.retries++;
  const std::optional<uint64_t> delay = retry_delay(strand, policy, error);
  if (!delay) return false;
  frame.stage = Stage::kWait;
  frame.attempts++;
  frame.waits_for = ask_timer(strand, Purpose::kDelay, *delay);
  return true;
}

// nullopt: the policy's time is up, or one of its durations is none.
std::optional<uint64_t> Machine::retry_delay(Strand& strand, const RetryPolicy& policy,
                                             Error& error) {
  const TryState& state = state_of(strand.frames.back());
  uint64_t delay = 0, from = 0, to = 0, total = 0;
  const std::pair<const std::optional<Duration>*, uint64_t*> parts[] = {
      {&policy.delay, &delay},
      {&policy.jitter_from, &from},
      {&policy.jitter_to, &to},
      {&policy.total_limit, &total}};
  for (const auto& [duration, ms] : parts) {
    if (!*duration) continue;
    Result<uint64_t> value = duration_for(strand, **duration);
    if (!value) {
      error = Error::of(ErrorKind::kExpression, "retry: " + value.status().message());
      return std::nullopt;
    }
    *ms = *value;
  }
  delay = backed_off(delay, policy.backoff, state.retries);
  if (to > from) delay += from + drawn(info_.id, last_ordinal_) % (to - from + 1);
  delay = std::max(delay, std::min(error.retry_after_ms, kAskedMsMax));
  if (policy.total_limit && now_ms_ - state.first_failure_ms + delay > total) return std::nullopt;
  return std::min(delay, limits::duration_ms_max);
}

void Machine::retry_now(Strand& strand) {
  strand.frames.back().waits_for = 0;
  begin_try(strand);
}

// A task, or an attempt of a try, took too long: what is within it ends here.
void Machine::timed_out(Strand& strand, uint32_t position, Purpose purpose) {
  while (strand.frames.size() > position + 1) {
    if (strand.frames.back().stage == Stage::kWait) kill_branches(strand);
    pop(strand, TaskStatus::kCancelled);
  }
  kill_branches(strand);
  Frame& frame = strand.frames.back();
  Error error = Error::of(ErrorKind::kTimeout, "the task took longer than its timeout");
  error.instance = frame.node->reference;
  if (purpose == Purpose::kAttempt) {
    state_of(frame).attempt_timer = 0;
    frame.stage = Stage::kList;  // so that its own catch may take it
    return fail(strand, std::move(error));
  }
  frame.timer = 0;
  if (info_.observer) info_.observer->error_raised(*frame.node, error);
  pop(strand, TaskStatus::kFailed);
  if (strand.frames.empty()) return strand_failed(strand, std::move(error));
  fail(strand, std::move(error));
}

}  // namespace penstock::flow
