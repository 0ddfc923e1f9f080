// Strings.
#include <cmath>

#include "executor/jq/format.h"
#include "executor/jq/native.h"
#include "executor/jq/operators.h"
#include "executor/json/number.h"
#include "executor/json/parse.h"
#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Value;

Value to_string(Call&, Value* args) {
  return args[0].is_string() ? args[0] : Value::string(args[0].dump());
}

Value to_json(Call&, Value* args) {
  return Value::string(args[0].dump());
}

Value from_json(Call& call, Value* args) {
  if (!args[0].is_string()) return call.fail(describe(args[0]) + " only strings can be parsed");
  const std::string_view text = args[0].as_string();
  if (text == "nan") return Value::number(std::nan(""));
  if (!call.guard.room_for(text.size() * 4)) return {};
  auto value = json::parse(text);
  if (value) return *value;
  return call.fail(value.status().message() + " (while parsing '" +
                   std::string(text.substr(0, 100)) + "')");
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

Value to_number(Call& call, Value* args) {
  if (args[0].is_number()) return args[0];
  if (args[0].is_string()) {
    const std::string_view text = trimmed(args[0].as_string());
    if (json::is_number_text(text)) return Value::number_from_text(text);
    if (text == "nan") return Value::number(std::nan(""));
  }
  return call.fail(describe(args[0]) + " cannot be parsed as a number");
}

bool starts(Call& call, const Value* args, const char* name, bool front) {
  if (!args[0].is_string() || !args[1].is_string()) {
    call.fail(std::string(name) + "() requires string inputs");
    return false;
  }
  const std::string_view text = args[0].as_string(), part = args[1].as_string();
  return front ? text.starts_with(part) : text.ends_with(part);
}

Value starts_with(Call& call, Value* args) {
  return Value::boolean(starts(call, args, "startswith", true));
}
Value ends_with(Call& call, Value* args) {
  return Value::boolean(starts(call, args, "endswith", false));
}

Value trim_front(Call&, Value* args) {
  const std::string_view text = args[0].as_string(), part = args[1].as_string();
  if (!args[0].is_string() || !args[1].is_string() || !text.starts_with(part)) return args[0];
  return Value::string(std::string(text.substr(part.size())));
}

Value trim_back(Call&, Value* args) {
  const std::string_view text = args[0].as_string(), part = args[1].as_string();
  if (!args[0].is_string() || !args[1].is_string() || !text.ends_with(part)) return args[0];
  return Value::string(std::string(text.substr(0, text.size() - part.size())));
}

Value trim_spaces(Call& call, const Value& value, bool front, bool back) {
  if (!value.is_string()) return call.fail(describe(value) + " cannot be trimmed");
  constexpr const char* spaces = " \t\n\r\f\v";
  std::string_view text = value.as_string();
  if (front) text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
  if (back) text = text.substr(0, text.find_last_not_of(spaces) + 1);
  return Value::string(std::string(text));
}

Value trim(Call& call, Value* args) {
  return trim_spaces(call, args[0], true, true);
}
Value ltrim(Call& call, Value* args) {
  return trim_spaces(call, args[0], true, false);
}
Value rtrim(Call& call, Value* args) {
  return trim_spaces(call, args[0], false, true);
}

Value split_of(Call& call, Value* args) {
  if (!args[0].is_string() || !args[1].is_string()) {
    return call.fail("split input and separator must be strings");
  }
  return split(call, args[0], args[1]);
}

Value explode(Call& call, Value* args) {
  if (!args[0].is_string()) return call.fail("explode input must be a string");
  std::string_view text = args[0].as_string();
  if (!call.guard.room_for(text.size() * sizeof(Value))) return {};
  Value out = Value::array();
  while (!text.empty()) out.push_back(Value::number(json::next_code_point(text)));
  return out;
}

Value implode(Call& call, Value* args) {
  if (!args[0].is_array()) return call.fail("implode input must be an array");
  std::string out;
  for (size_t i = 0; i < args[0].size(); i++) {
    const Value point = args[0].at(i);
    if (!point.is_number()) {
      return call.fail(describe(point) +
                       " can't be imploded, unicode codepoint needs to be numeric");
    }
    const double number = point.as_double();
    const bool sound = number >= 0 && number <= 0x10FFFF;
    json::append_code_point(sound ? static_cast<uint32_t>(number) : json::replacement_code_point,
                            out);
  }
  return Value::string(std::move(out));
}

Value change_case(Call& call, const Value& value, char from, char to) {
  if (!value.is_string()) return call.fail("explode input must be a string");
  std::string text(value.as_string());
  for (char& c : text)
    if (c >= from && c < from + 26) c = static_cast<char>(c - from + to);
  return Value::string(std::move(text));
}

Value down(Call& call, Value* args) {
  return change_case(call, args[0], 'A', 'a');
}
Value up(Call& call, Value* args) {
  return change_case(call, args[0], 'a', 'A');
}

Value byte_length(Call& call, Value* args) {
  if (!args[0].is_string()) {
    return call.fail(describe(args[0]) + " only strings have UTF-8 byte length");
  }
  return Value::number(static_cast<double>(args[0].as_string().size()));
}

Value format_of(Call& call, Value* args) {
  if (!args[1].is_string()) return call.fail(describe(args[1]) + " is not a valid format");
  const auto format = find_format(args[1].as_string());
  if (!format) return call.fail(std::string(args[1].as_string()) + " is not a valid format");
  return apply_format(call, *format, args[0]);
}

constexpr Native table[] = {
    {"tostring", 0, to_string, Cost::kWeight},
    {"tojson", 0, to_json, Cost::kWeight},
    {"fromjson", 0, from_json, Cost::kWeight},
    {"tonumber", 0, to_number},
    {"startswith", 1, starts_with},
    {"endswith", 1, ends_with},
    {"ltrimstr", 1, trim_front},
    {"rtrimstr", 1, trim_back},
    {"trim", 0, trim},
    {"ltrim", 0, ltrim},
    {"rtrim", 0, rtrim},
    {"split", 1, split_of},
    {"explode", 0, explode, Cost::kWeight},
    {"implode", 0, implode, Cost::kSize},
    {"ascii_downcase", 0, down, Cost::kWeight},
    {"ascii_upcase", 0, up, Cost::kWeight},
    {"utf8bytelength", 0, byte_length},
    {"format", 1, format_of},
};

}  // namespace

std::span<const Native> text_natives() {
  return table;
}

}  // namespace penstock::jq
