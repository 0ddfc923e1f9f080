#include "executor/jq/machine.h"

#include <ctime>

namespace penstock::jq {
namespace {

using json::Value;

// Memory is looked at this often besides where much of it may be made at once.
constexpr uint64_t steps_per_look = 64;
constexpr size_t forks_per_call = 16;

double clock_now() {
  std::timespec now = {};
  std::timespec_get(&now, TIME_UTC);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

Outcome Machine::run(const Program& program, Value input, std::span<const Value> variables,
                     const Options& options, size_t outputs_wanted) {
  guard_.emplace(options.budget);
  call_.emplace(Call{*guard_, regexes_, options.now_s ? *options.now_s : clock_now(), {}});
  outputs_wanted_ = outputs_wanted;
  outcome_ = {};
  start(program, std::move(input), variables);
  loop();
  outcome_.steps = guard_->steps();
  // Nothing of this run's values may live on in the tables.
  forks_.clear();
  stack_.clear();
  slots_.clear();
  path_ = tracked_ = Value();
  return std::move(outcome_);
}

void Machine::start(const Program& program, Value input, std::span<const Value> variables) {
  program_ = &program;
  stack_.clear();
  forks_.clear();
  closures_.clear();
  slots_.assign(program.functions[Program::main_function].slots, Value());
  for (size_t i = 0; i < variables.size() && i < program.variables; i++) slots_[i] = variables[i];
  frames_.assign(1, Frame{0, 0, 0, 0, 0});
  frame_ = frames_floor_ = nest_ = 0;
  tracking_ = done_ = false;
  next_ = program.functions[Program::main_function].entry;
  stack_.push(std::move(input));
}

void Machine::loop() {
  const Instruction* code = program_->code.data();
  while (!done_) {
    if (!guard_->spend(1)) break;
    if (guard_->steps() % steps_per_look == 0) {
      if (!guard_->room_for(stack_.bytes() + frames_.size() * sizeof(Frame) +
                            forks_.size() * sizeof(Fork) + slots_.size() * sizeof(Value))) {
        break;
      }
    }
    if (step(code[next_++])) continue;
    if (guard_->breached() || !raise()) break;
  }
  if (guard_->breached()) outcome_.error = guard_->error();
}

// False: call_->error says what went wrong, or a limit was hit, or there is nothing left to do.
bool Machine::step(const Instruction& in) {
  switch (in.op) {
    case Op::kField:
      return field(in);
    case Op::kIndex:
      return index(in);
    case Op::kSlice:
      slice();
      return true;
    case Op::kEach:
      return each(in.extra != 0);
    case Op::kBacktrack:
      return backtrack();
    case Op::kBacktrackFalse:
      return stack_.top().truthy() || backtrack();
    case Op::kAppend:
      return append(in) && backtrack();
    case Op::kInsert:
      return insert_computed();
    case Op::kInsertConst:
      return insert(program_->constants[in.a], stack_.pop());
    case Op::kBinary:
      return binary(in);
    case Op::kBinaryConst:
      return binary_const(in);
    case Op::kNegate:
      return negate();
    case Op::kFormat:
      return format(in);
    case Op::kInterpolate:
      return interpolate(in);
    case Op::kNative:
      return native(in);
    case Op::kGetPath:
      return get_path();
    case Op::kRange:
      return range();
    case Op::kCall:
      return call(in, false);
    case Op::kTailCall:
      return call(in, true);
    case Op::kParameter:
      return call_parameter(in, false);
    case Op::kTailParameter:
      return call_parameter(in, true);
    case Op::kPathBegin:
      return path_begin();
    case Op::kPathEnd:
      return path_end();
    case Op::kTryEnd:
      return try_end(in);
    case Op::kBreak:
      drop_forks(static_cast<size_t>(slot(in.a, in.level).as_double()));
      return backtrack();
    case Op::kBacktrackFound:
      return !slot(in.a).truthy() || backtrack();
    case Op::kSetPath:
      return set_path(in) && backtrack();
    case Op::kTakePath:
      return take_path(in);
    case Op::kPutPath:
      return put_path(in);
    case Op::kDeletePaths:
      return delete_paths(in);
    case Op::kOutput:
      // What an instruction made in place of a value that was too large must not come out.
      if (guard_->breached() || !guard_->outputs_fit(outcome_.outputs.size() + 1)) return false;
      outcome_.outputs.push_back(stack_.pop());
      done_ = outcome_.outputs.size() >= outputs_wanted_;
      return done_ || backtrack();
    default:
      return simple_step(in);
  }
}

// What cannot go wrong.
bool Machine::simple_step(const Instruction& in) {
  switch (in.op) {
    case Op::kConst:
      stack_.set_top(program_->constants[in.a]);
      break;
    case Op::kPushConst:
      stack_.push(program_->constants[in.a]);
      break;
    case Op::kVariable:
      stack_.set_top(slot(in.a, in.level));
      break;
    case Op::kPushVariable:
      stack_.push(slot(in.a, in.level));
      break;
    case Op::kTake:
      stack_.set_top(std::exchange(slot(in.a), Value()));
      break;
    case Op::kPushTake:
      stack_.push(std::exchange(slot(in.a), Value()));
      break;
    case Op::kStore:
      slot(in.a) = stack_.pop();
      break;
    case Op::kStoreCopy:
      slot(in.a) = Value(stack_.top());
      break;
    case Op::kSetNull:
      slot(in.a) = Value();
      break;
    case Op::kPick:
      stack_.push(Value(stack_.peek(in.a)));
      break;
    case Op::kPickNest:
      stack_.push(Value(stack_.peek(in.a)));
      nest_++;
      break;
    case Op::kNest:
      nest_++;
      break;
    case Op::kUnnest:
      nest_--;
      break;
    case Op::kSwap: {
      Value upper = stack_.pop(), lower = stack_.pop();
      stack_.push(std::move(upper));
      stack_.push(std::move(lower));
      break;
    }
    case Op::kPop:
      stack_.pop();
      break;
    case Op::kNip: {
      Value upper = stack_.pop();
      stack_.set_top(std::move(upper));
      break;
    }
    case Op::kFork:
      fork(ForkKind::kJump, in.a);
      break;
    case Op::kJump:
      next_ = in.a;
      break;
    case Op::kJumpFalse:
      if (!stack_.pop().truthy()) next_ = in.a;
      break;
    case Op::kTruth:
      stack_.set_top(Value::boolean(stack_.top().truthy()));
      break;
    case Op::kCollect:
      slot(in.a) = Value::array();
      fork(ForkKind::kJump, in.b);
      break;
    case Op::kReturn:
      leave();
      break;
    case Op::kTry:
      slot(in.a) = Value::number(static_cast<double>(forks_.size()));
      fork(ForkKind::kTry, in.b);
      break;
    case Op::kLabel:
      slot(in.a) = Value::number(static_cast<double>(forks_.size()));
      break;
    case Op::kCut:
      drop_forks(static_cast<size_t>(slot(in.a).as_double()));
      break;
    case Op::kAlternative:
      slot(in.a) = Value::boolean(false);
      fork(ForkKind::kJump, in.b);
      break;
    case Op::kFound:
      slot(in.a) = Value::boolean(true);
      break;
    default:
      break;
  }
  return forks_.size() <= limits::jq_depth_max * forks_per_call || guard_->depth_fits(SIZE_MAX);
}

}  // namespace penstock::jq
