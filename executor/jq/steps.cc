// What the machine's instructions do to values, and how paths are followed meanwhile.
#include <cmath>

#include "executor/jq/error_text.h"
#include "executor/jq/format.h"
#include "executor/jq/machine.h"
#include "executor/jq/native.h"
#include "executor/jq/operators.h"
#include "executor/jq/path.h"

namespace penstock::jq {

using json::Value;

bool Machine::put_top(Value value) {
  if (call_->error || guard_->breached()) return false;
  stack_.set_top(std::move(value));
  return true;
}

bool Machine::field(const Instruction& in) {
  const Value& key = program_->constants[in.a];
  if (!tracks() && key.is_string() && stack_.top().is_object()) {
    stack_.set_top(stack_.top().get(key.as_string()));
    return true;
  }
  return read(stack_.pop(), key, in.extra != 0);
}

bool Machine::index(const Instruction& in) {
  Value container = stack_.pop();
  const Value key = stack_.pop();
  return read(std::move(container), key, in.extra != 0);
}

bool Machine::read(Value container, const Value& key, bool optional) {
  if (!follows(container, key)) return false;
  Value found = get(*call_, container, key);
  if (guard_->breached()) return false;
  if (call_->error) {
    if (!optional) return false;
    call_->error.reset();
    return backtrack();
  }
  track(key, found);
  stack_.push(std::move(found));
  return true;
}

// While a path is followed, only what lies at its end so far may be looked into.
bool Machine::follows(const Value& container, const Value& key) {
  if (!tracks() || container.same(tracked_)) return true;
  return fail("Invalid path expression near attempt to access element " + excerpt_long(key) +
              " of " + excerpt_long(container));
}

void Machine::track(const Value& key, const Value& result) {
  if (!tracks()) return;
  path_.push_back(key);
  tracked_ = result;
}

bool Machine::each(bool optional) {
  Value container = stack_.pop();
  if (tracks() && !container.same(tracked_)) {
    return fail("Invalid path expression near attempt to iterate through " +
                excerpt_long(container));
  }
  if (!container.is_array() && !container.is_object()) {
    if (optional) return backtrack();
    return fail("Cannot iterate over " +
                (container.is_null() ? std::string("null (null)") : describe(container)));
  }
  Fork& made = fork(ForkKind::kEach, next_);
  made.container = std::move(container);
  return each_next(made);
}

// The fork stays for as long as there are more elements.
bool Machine::each_next(Fork& last) {
  const auto at = static_cast<size_t>(last.next);
  const size_t size = last.container.size();
  restore(last);
  const Value container = at + 1 < size ? last.container : std::move(last.container);
  if (at + 1 < size) {
    last.next++;
  } else {
    drop_forks(forks_.size() - 1);
    if (at >= size) return backtrack();
  }
  Value element = container.at(at);
  if (tracks()) {
    track(container.is_array() ? Value::number(static_cast<double>(at)) : container.member(at).key,
          element);
  }
  stack_.push(std::move(element));
  return true;
}

bool Machine::range() {
  const Value by = stack_.pop(), upto = stack_.pop(), from = stack_.pop();
  stack_.pop();
  if (!by.is_number() || !upto.is_number() || !from.is_number()) {
    return fail("Range bounds must be numeric");
  }
  Fork& made = fork(ForkKind::kRange, next_);
  made.next = from.as_double();
  made.upto = upto.as_double();
  made.by = by.as_double();
  return range_next(made);
}

bool Machine::range_next(Fork& last) {
  const double at = last.next, following = at + last.by, upto = last.upto;
  const bool up = last.by > 0, down = last.by < 0;
  restore(last);
  last.next = following;
  const bool more = (up && following < upto) || (down && following > upto);
  if (!more) drop_forks(forks_.size() - 1);
  if (!((up && at < upto) || (down && at > upto))) return backtrack();
  stack_.push(Value::number(at));
  return true;
}

void Machine::slice() {
  const Value end = stack_.pop(), begin = stack_.pop();
  Value key = Value::object();
  key.set("start", begin);
  key.set("end", end);
  stack_.push(std::move(key));
}

bool Machine::append(const Instruction& in) {
  Value& items = slot(in.a);
  const size_t size = items.size();
  // The array doubles when it is full: ask before, not after.
  if ((size & (size - 1)) == 0 && !guard_->room_for(size * 2 * sizeof(Value))) return false;
  items.push_back(stack_.pop());
  return guard_->accepts(items);
}

bool Machine::insert(Value key, Value value) {
  if (!key.is_string()) return fail("Cannot use " + describe(key) + " as object key");
  Value* own = stack_.own_top();
  if (own == nullptr) {
    Value copy = stack_.top();
    copy.set_key(key, std::move(value));
    stack_.set_top(std::move(copy));
  } else {
    own->set_key(key, std::move(value));
  }
  return guard_->accepts(stack_.top());
}

bool Machine::insert_computed() {
  Value value = stack_.pop();
  Value key = stack_.pop();
  return insert(std::move(key), std::move(value));
}

bool Machine::binary(const Instruction& in) {
  nest_--;
  Value left = stack_.pop();
  const Value right = stack_.pop();
  Value result = apply(*call_, static_cast<Operator>(in.extra), std::move(left), right);
  if (call_->error || !guard_->accepts(result)) return false;
  stack_.push(std::move(result));
  return true;
}

bool Machine::binary_const(const Instruction& in) {
  Value left = stack_.pop();
  Value result =
      apply(*call_, static_cast<Operator>(in.extra), std::move(left), program_->constants[in.a]);
  if (call_->error || !guard_->accepts(result)) return false;
  stack_.push(std::move(result));
  return true;
}

bool Machine::negate() {
  return put_top(jq::negate(*call_, stack_.top()));
}

bool Machine::format(const Instruction& in) {
  return put_top(apply_format(*call_, static_cast<Format>(in.a), stack_.top()));
}

bool Machine::interpolate(const Instruction& in) {
  const std::vector<std::string>& pieces = program_->templates[in.a].pieces;
  std::string out = pieces[0];
  for (size_t i = 1; i < pieces.size(); i++) {
    const Value hole = stack_.pop();
    if (!guard_->value_fits(out.size() + hole.as_string().size() + pieces[i].size())) return false;
    out.append(hole.as_string()).append(pieces[i]);
  }
  if (!guard_->room_for(out.size()) || !guard_->spend(out.size() / 1024)) return false;
  return put_top(Value::string(std::move(out)));
}

bool Machine::native(const Instruction& in) {
  const Native& called = *program_->natives[in.a];
  Value args[native_arity_max + 1];
  for (uint8_t i = 1; i <= in.extra; i++) args[i] = stack_.pop();
  args[0] = stack_.pop();
  if (called.cost == Cost::kSize && !guard_->spend(args[0].size())) return false;
  if (called.cost == Cost::kWeight && !guard_->spend_on(args[0])) return false;
  Value result = called.function(*call_, args);
  if (call_->error || !guard_->accepts(result) || !guard_->room_for(0)) return false;
  stack_.push(std::move(result));
  return true;
}

bool Machine::get_path() {
  const Value root = stack_.pop(), path = stack_.pop();
  if (!follows(root, path)) return false;
  Value found = jq::get_path(*call_, root, path);
  if (!check(true)) return false;
  if (tracks()) {
    for (size_t i = 0; i < path.size(); i++) path_.push_back(path.at(i));
    tracked_ = found;
  }
  stack_.push(std::move(found));
  return true;
}

// What an outer path expression had so far waits on the stack.
bool Machine::path_begin() {
  Value start = stack_.pop();
  stack_.push(std::exchange(path_, Value::array()));
  stack_.push(std::exchange(tracked_, start));
  stack_.push(Value::number(std::exchange(nest_, 0)));
  stack_.push(std::move(start));
  tracking_ = true;
  return true;
}

bool Machine::path_end() {
  const Value result = stack_.pop();
  if (!result.same(tracked_)) {
    return fail("Invalid path expression with result " + excerpt_long(result));
  }
  Value found = std::move(path_);
  nest_ = static_cast<uint32_t>(stack_.pop().as_double());
  tracked_ = stack_.pop();
  path_ = stack_.pop();
  tracking_ = path_.is_array();
  stack_.push(std::move(found));
  return true;
}

bool Machine::set_path(const Instruction& in) {
  Value value = stack_.pop();
  Value state = std::exchange(slot(in.a), Value());
  state = jq::set_path(*call_, std::move(state), slot(in.b), std::move(value));
  if (call_->error || !guard_->accepts(state)) return false;
  slot(in.a) = std::move(state);
  return true;
}

// [input]: what is changed goes to slot a for the time being, and what lies at the path on the
// stack.
bool Machine::take_path(const Instruction& in) {
  Value taken = jq::take_path(*call_, slot(in.a), slot(in.b));
  if (!check(true)) return false;
  stack_.push(std::move(taken));
  return true;
}

bool Machine::put_path(const Instruction& in) {
  Value value = stack_.pop();
  Value state = std::exchange(slot(in.a), Value());
  state = jq::set_path(*call_, std::move(state), slot(in.b), std::move(value));
  if (call_->error || !guard_->accepts(state)) return false;
  stack_.push(std::move(state));
  return true;
}

bool Machine::delete_paths(const Instruction& in) {
  Value state = std::exchange(slot(in.a), Value());
  const Value gone = std::exchange(slot(in.b), Value());
  if (gone.size() > 0) state = jq::delete_paths(*call_, std::move(state), gone);
  return put_top(std::move(state));
}

// The body is done with one output. Where it left no forks it has no more to give, and the `try` is
// over; else errors from here on must pass it by.
bool Machine::try_end(const Instruction& in) {
  const Value& which = slot(in.a);
  if (which.is_null()) return true;
  const double started = which.as_double();
  if (forks_.size() == static_cast<size_t>(started) + 1) {
    drop_forks(static_cast<size_t>(started));
    return true;
  }
  fork(ForkKind::kTryExit, next_).next = started;
  return true;
}

}  // namespace penstock::jq
