// The machine's calls: frames, closures, and tail calls that take their caller's place.
#include "executor/jq/machine.h"

namespace penstock::jq {

using json::Value;

bool Machine::call(const Instruction& in, bool tail) {
  const uint32_t first_argument = next_;
  next_ += in.b;
  return enter(in.a, outwards(in.level), first_argument, next_, tail);
}

bool Machine::call_parameter(const Instruction& in, bool tail) {
  const Frame& owner = frames_[outwards(in.level)];
  const Closure called = closures_[owner.closures + in.a];
  return enter(called.function, called.frame, next_, next_, tail);
}

Machine::Closure Machine::closure_of(const Instruction& argument) const {
  if (argument.extra == kNewClosure) return {argument.a, frame_};
  const uint32_t frame = outwards(argument.level);
  if (argument.extra == kNamedFunction) return {argument.a, frame};
  return closures_[frames_[frame].closures + argument.a];
}

// A tail call returns where its caller would have, and takes the caller's room unless a fork still
// needs that, or the function called lives in it.
bool Machine::enter(uint32_t function, uint32_t outer, uint32_t arguments, uint32_t return_to,
                    bool tail) {
  const FunctionInfo& info = program_->functions[function];
  Closure passed[16];
  const bool few = info.parameters <= std::size(passed);
  for (uint32_t i = 0; few && i < info.parameters; i++) {
    passed[i] = closure_of(program_->code[arguments + i]);
  }
  Frame made = {return_to, frame_, outer, 0, 0};
  if (tail) {
    made.return_to = frames_[frame_].return_to;
    made.caller = frames_[frame_].caller;
    if (few && frame_ >= frames_floor_ && frame_ > outer) leave();
  }
  made.slots = static_cast<uint32_t>(slots_.size());
  made.closures = static_cast<uint32_t>(closures_.size());
  slots_.resize(slots_.size() + info.slots);
  for (uint32_t i = 0; i < info.parameters; i++) {
    closures_.push_back(few ? passed[i] : closure_of(program_->code[arguments + i]));
  }
  frames_.push_back(made);
  frame_ = static_cast<uint32_t>(frames_.size() - 1);
  next_ = info.entry;
  return guard_->depth_fits(frames_.size());
}

// Back to the caller; the frame's room is freed unless a fork still needs it.
void Machine::leave() {
  const Frame done = frames_[frame_];
  if (frame_ >= frames_floor_) {
    frames_.resize(frame_);
    while (slots_.size() > done.slots) slots_.pop_back();
    closures_.resize(done.closures);
  }
  frame_ = done.caller;
  next_ = done.return_to;
}

}  // namespace penstock::jq
