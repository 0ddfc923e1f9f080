#include "executor/jq/operators.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Kind;
using json::Value;

Value refuse(Call& call, const Value& left, const Value& right, const char* verb) {
  return call.fail(describe(left) + " and " + describe(right) + " cannot be " + verb);
}

bool both(Kind kind, const Value& left, const Value& right) {
  return left.kind() == kind && right.kind() == kind;
}

Value add_arrays(Call& call, Value left, const Value& right) {
  const size_t count = right.size();
  const uint64_t copied = left.sole() ? 0 : left.size();
  if (!call.guard.spend((copied + count) / 4)) return {};
  if (!call.guard.value_fits(left.weight() + right.weight())) return {};
  if (!call.guard.room_for((copied + count) * sizeof(Value))) return {};
  for (size_t i = 0; i < count; i++) left.push_back(right.at(i));
  return left;
}

Value add_objects(Call& call, Value left, const Value& right) {
  const size_t count = right.size();
  if (!call.guard.spend((left.sole() ? 0 : left.size()) + count)) return {};
  for (size_t i = 0; i < count; i++) {
    const json::Member member = right.member(i);
    left.set_key(member.key, member.value);
  }
  return left;
}

Value add_strings(Call& call, Value left, const Value& right) {
  const uint64_t copied = left.sole() ? 0 : left.as_string().size();
  const uint64_t bytes = left.as_string().size() + right.as_string().size();
  if (!call.guard.spend((copied + right.as_string().size()) / 1024)) return {};
  if (!call.guard.value_fits(bytes) || !call.guard.room_for(copied + right.as_string().size()))
    return {};
  left.append(right.as_string());
  return left;
}

Value subtract_arrays(Call& call, const Value& left, const Value& right) {
  Value out = Value::array();
  const size_t count = left.size(), removed = right.size();
  if (!call.guard.spend(count * removed)) return {};
  for (size_t i = 0; i < count; i++) {
    Value item = left.at(i);
    bool keep = true;
    for (size_t j = 0; j < removed && keep; j++) keep = !(right.at(j) == item);
    if (keep) out.push_back(std::move(item));
  }
  return out;
}

Value subtract(Call& call, const Value& left, const Value& right) {
  if (both(Kind::kNumber, left, right)) return Value::number(left.as_double() - right.as_double());
  if (both(Kind::kArray, left, right)) return subtract_arrays(call, left, right);
  return refuse(call, left, right, "subtracted");
}

// Null for nothing or less; a part of one time counts as once, a part of more does not count.
Value repeat(Call& call, std::string_view text, double times) {
  if (!(times > 0)) return {};
  times = std::max(times, 1.0);
  const double bytes = static_cast<double>(text.size()) * std::floor(times);
  const uint64_t wanted = bytes < 1e18 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 60;
  if (!call.guard.value_fits(wanted) || !call.guard.room_for(wanted)) return {};
  if (!call.guard.spend(wanted / 1024)) return {};
  std::string out;
  out.reserve(wanted);
  while (out.size() < wanted) out.append(text);
  return Value::string(std::move(out));
}

// Objects in objects merge; everything else is replaced. As deep as values get.
Value merge(Call& call, Value left, const Value& right) {
  if (!call.guard.spend(1 + right.size())) return {};
  for (size_t i = 0; i < right.size(); i++) {
    const json::Member member = right.member(i);
    const std::string_view key = member.key.as_string();
    const auto there = left.find(key);
    const bool deeper = there && there->is_object() && member.value.is_object();
    left.set_key(member.key, deeper ? merge(call, *there, member.value) : member.value);
  }
  return left;
}

Value multiply(Call& call, Value left, const Value& right) {
  if (both(Kind::kNumber, left, right)) return Value::number(left.as_double() * right.as_double());
  if (left.is_string() && right.is_number())
    return repeat(call, left.as_string(), right.as_double());
  if (left.is_number() && right.is_string())
    return repeat(call, right.as_string(), left.as_double());
  if (both(Kind::kObject, left, right)) return merge(call, std::move(left), right);
  return refuse(call, left, right, "multiplied");
}

Value divide(Call& call, const Value& left, const Value& right) {
  if (both(Kind::kNumber, left, right)) {
    if (right.as_double() == 0) {
      return refuse(call, left, right, "divided because the divisor is zero");
    }
    return Value::number(left.as_double() / right.as_double());
  }
  if (!both(Kind::kString, left, right)) return refuse(call, left, right, "divided");
  return split(call, left, right);
}

// What the processor makes of a double that fits no integer; jq lets it shine through.
int64_t to_integer(double value) {
  const bool fits = value >= -9223372036854775808.0 && value < 9223372036854775808.0;
  return fits ? static_cast<int64_t>(value) : std::numeric_limits<int64_t>::min();
}

Value modulo(Call& call, const Value& left, const Value& right) {
  if (!both(Kind::kNumber, left, right)) return refuse(call, left, right, "divided");
  const int64_t dividend = to_integer(left.as_double());
  const int64_t divisor = to_integer(right.as_double());
  if (divisor == 0) {
    return refuse(call, left, right, "divided (remainder) because the divisor is zero");
  }
  if (divisor == -1) return Value::number(0);
  return Value::number(static_cast<double>(dividend % divisor));
}

Value ordered(Call& call, Operator op, const Value& left, const Value& right) {
  const bool containers = left.kind() > Kind::kString && left.kind() == right.kind();
  if (containers && !call.guard.spend_on(left.weight() < right.weight() ? left : right)) return {};
  const int order = !left.is_number() && left.same(right) ? 0 : compare(left, right);
  switch (op) {
    case Operator::kEqual:
      return Value::boolean(order == 0);
    case Operator::kNotEqual:
      return Value::boolean(order != 0);
    case Operator::kLess:
      return Value::boolean(order < 0);
    case Operator::kLessEqual:
      return Value::boolean(order <= 0);
    case Operator::kGreater:
      return Value::boolean(order > 0);
    default:
      return Value::boolean(order >= 0);
  }
}

}  // namespace

Value add(Call& call, Value left, const Value& right) {
  if (both(Kind::kNumber, left, right)) return Value::number(left.as_double() + right.as_double());
  if (left.is_null()) return right;
  if (right.is_null()) return left;
  if (both(Kind::kString, left, right)) return add_strings(call, std::move(left), right);
  if (both(Kind::kArray, left, right)) return add_arrays(call, std::move(left), right);
  if (both(Kind::kObject, left, right)) return add_objects(call, std::move(left), right);
  return refuse(call, left, right, "added");
}

Value apply(Call& call, Operator op, Value left, const Value& right) {
  switch (op) {
    case Operator::kAdd:
      return add(call, std::move(left), right);
    case Operator::kSubtract:
      return subtract(call, left, right);
    case Operator::kMultiply:
      return multiply(call, std::move(left), right);
    case Operator::kDivide:
      return divide(call, left, right);
    case Operator::kModulo:
      return modulo(call, left, right);
    default:
      return ordered(call, op, left, right);
  }
}

Value negate(Call& call, const Value& value) {
  if (!value.is_number()) return call.fail(describe(value) + " cannot be negated");
  const std::string text(value.number_text());
  if (text.empty()) return Value::number(-value.as_double());
  return Value::number_from_text(text[0] == '-' ? text.substr(1) : "-" + text);
}

Value split(Call& call, const Value& string, const Value& separator) {
  if (!call.guard.spend_on(string)) return {};
  Value parts = split(string.as_string(), separator.as_string());
  return call.guard.spend(parts.size() * 2) ? parts : Value();
}

Value split(std::string_view text, std::string_view separator) {
  Value parts = Value::array();
  if (separator.empty()) {
    while (!text.empty()) {
      const size_t before = text.size();
      const char* begin = text.data();
      json::next_code_point(text);
      parts.push_back(Value::string(std::string(begin, before - text.size())));
    }
    return parts;
  }
  if (text.empty()) return parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(Value::string(std::string(text.substr(0, at))));
    if (at == text.npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

}  // namespace penstock::jq
