#include "executor/tasks/performer.h"

namespace penstock::executor {

void Performer::call(RunNumber run, const std::string& run_id, const flow::Call& call,
                     std::string told) {
  add(run, call.ordinal);
  caller_.start({key(run, call.ordinal), run, call, run_id + "-" + std::to_string(call.ordinal),
                 std::move(told)});
}

std::vector<Performer::Piece> Performer::take_pieces() {
  std::vector<Piece> pieces;
  for (Caller::Piece& one : caller_.take_pieces()) {
    pieces.push_back({static_cast<RunNumber>(one.key >> 32), static_cast<flow::Ordinal>(one.key),
                      std::move(one.piece)});
  }
  return pieces;
}

void Performer::timer(RunNumber run, const flow::Timer& timer) {
  add(run, timer.ordinal);
  timers_.add(key(run, timer.ordinal), timer.due_ms);
}

void Performer::cancel(RunNumber run, flow::Ordinal ordinal) {
  auto found = asked_.find(run);
  if (found == asked_.end() || found->second.erase(ordinal) == 0) return;
  caller_.cancel(key(run, ordinal));
  timers_.cancel(key(run, ordinal));
  if (found->second.empty()) asked_.erase(found);
}

void Performer::forget(RunNumber run) {
  auto found = asked_.find(run);
  if (found == asked_.end()) return;
  for (const flow::Ordinal ordinal : found->second) {
    caller_.cancel(key(run, ordinal));
    timers_.cancel(key(run, ordinal));
  }
  asked_.erase(found);
}

void Performer::turn() {
  caller_.turn();
  for (Caller::Done& done : caller_.take_done()) answer(done.key, std::move(done.result));
  for (const uint64_t due : timers_.take_due()) answer(due, flow::Fired());
}

std::optional<uint64_t> Performer::only_timer_ms() const {
  size_t asked = 0;
  for (const auto& [run, ordinals] : asked_) asked += ordinals.size();
  return asked == timers_.size() ? timers_.next_due_ms() : std::nullopt;
}

void Performer::answer(uint64_t key, flow::TaskResult result) {
  const auto run = static_cast<RunNumber>(key >> 32);
  const auto ordinal = static_cast<flow::Ordinal>(key);
  auto found = asked_.find(run);
  if (found == asked_.end() || found->second.erase(ordinal) == 0) return;
  if (found->second.empty()) asked_.erase(found);
  answers_.push_back({run, ordinal, std::move(result)});
}

}  // namespace penstock::executor
