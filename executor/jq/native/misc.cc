// What belongs to no kind of value: types, truth, errors, length.
#include <cmath>
#include <limits>

#include "executor/jq/builtins.h"
#include "executor/jq/native.h"
#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Kind;
using json::Value;

Value type(Call&, Value* args) {
  return Value::string(std::string(kind_name(args[0].kind())));
}

Value negation(Call&, Value* args) {
  return Value::boolean(!args[0].truthy());
}

Value length(Call& call, Value* args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::kNull:
      return Value::number(0);
    case Kind::kBool:
      return call.fail(describe(value) + " has no length");
    case Kind::kNumber:
      return Value::number(std::fabs(value.as_double()));
    case Kind::kString:
      return Value::number(static_cast<double>(json::count_code_points(value.as_string())));
    default:
      return Value::number(static_cast<double>(value.size()));
  }
}

Value raise(Call& call, Value* args) {
  return call.fail_with(args[0]);
}
Value raise_given(Call& call, Value* args) {
  return call.fail_with(args[1]);
}

Value not_a_number(Call&, Value*) {
  return Value::number(std::nan(""));
}
Value infinite(Call&, Value*) {
  return Value::number(std::numeric_limits<double>::infinity());
}

Value now(Call& call, Value*) {
  return Value::number(call.now_s);
}

Value no_input(Call& call, Value*) {
  return call.fail("No more inputs");
}

Value halted(Call& call, Value*) {
  return call.fail("halted");
}

Value to_array(Call&, Value* args) {
  if (args[0].is_array()) return args[0];
  Value out = Value::array();
  out.push_back(args[0]);
  return out;
}

Value builtins(Call&, Value*) {
  Value out = Value::array();
  for (std::string& name : native_names()) out.push_back(Value::string(std::move(name)));
  for (std::string& name : builtin_names()) out.push_back(Value::string(std::move(name)));
  return out;
}

constexpr Native table[] = {
    {"type", 0, type},         {"not", 0, negation},      {"length", 0, length},
    {"error", 0, raise},       {"error", 1, raise_given}, {"nan", 0, not_a_number},
    {"infinite", 0, infinite}, {"now", 0, now},           {"input", 0, no_input},
    {"halt", 0, halted},       {"halt_error", 0, raise},  {"halt_error", 1, raise},
    {"toarray", 0, to_array},  {"builtins", 0, builtins},
};

}  // namespace

std::span<const Native> misc_natives() {
  return table;
}

}  // namespace penstock::jq
