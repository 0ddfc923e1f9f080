// The machine's forks: making them, going back to them, and errors, which look for a `try` among
// them.
#include "executor/jq/machine.h"

namespace penstock::jq {

using json::Value;

Machine::Fork& Machine::fork(ForkKind kind, uint32_t go_on) {
  Fork& made = forks_.emplace_back();
  made.kind = kind;
  made.go_on = go_on;
  made.stack = stack_.mark();
  made.frame = frame_;
  made.frames = static_cast<uint32_t>(frames_.size());
  made.slots = static_cast<uint32_t>(slots_.size());
  made.closures = static_cast<uint32_t>(closures_.size());
  made.nest = nest_;
  if (tracking_) {
    made.path = path_;
    made.tracked = tracked_;
  }
  settle_floor();
  return made;
}

void Machine::settle_floor() {
  stack_.set_floor(forks_.empty() ? 0 : forks_.back().stack.size);
  frames_floor_ = forks_.empty() ? 0 : forks_.back().frames;
}

void Machine::drop_forks(size_t count) {
  while (forks_.size() > count) forks_.pop_back();
  settle_floor();
}

// Everything as it was when the fork was made; the fork itself stays.
void Machine::restore(const Fork& to) {
  stack_.restore(to.stack);
  frame_ = to.frame;
  frames_.resize(to.frames);
  while (slots_.size() > to.slots) slots_.pop_back();
  closures_.resize(to.closures);
  nest_ = to.nest;
  tracking_ = to.path.is_array();
  path_ = to.path;
  tracked_ = to.tracked;
  next_ = to.go_on;
}

bool Machine::backtrack() {
  for (;;) {
    if (forks_.empty()) {
      done_ = true;
      return true;
    }
    Fork& last = forks_.back();
    switch (last.kind) {
      case ForkKind::kEach:
        return each_next(last);
      case ForkKind::kRange:
        return range_next(last);
      case ForkKind::kJump:
        restore(last);
        drop_forks(forks_.size() - 1);
        return true;
      case ForkKind::kTry:
      case ForkKind::kTryExit:
        drop_forks(forks_.size() - 1);
        break;
    }
  }
}

// To the newest `try` whose body is still running. False: there is none.
bool Machine::raise() {
  Value error = std::move(*call_->error);
  call_->error.reset();
  while (!forks_.empty()) {
    const Fork& last = forks_.back();
    if (last.kind == ForkKind::kTryExit) {
      drop_forks(static_cast<size_t>(last.next));
      continue;
    }
    if (last.kind != ForkKind::kTry) {
      forks_.pop_back();
      continue;
    }
    restore(last);
    drop_forks(forks_.size() - 1);
    stack_.set_top(std::move(error));
    return true;
  }
  outcome_.error = Error{std::move(error), {}};
  return false;
}

bool Machine::fail(std::string message) {
  call_->fail(std::move(message));
  return false;
}

bool Machine::check(bool fine) {
  return fine && !call_->error && !guard_->breached();
}

}  // namespace penstock::jq
