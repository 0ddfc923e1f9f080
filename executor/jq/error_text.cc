#include "executor/jq/error_text.h"

#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

constexpr size_t short_bytes_max = 14;  // with the dots
constexpr size_t long_bytes_max = 29;
constexpr size_t dots = 3;

std::string cut(const json::Value& value, size_t bytes_max) {
  std::string text;
  // Strings and containers may be large; only their front is shown.
  if (value.weight() < 4096) {
    text = value.dump();
  } else if (value.is_string()) {
    text = json::Value::string(std::string(value.as_string().substr(0, 64))).dump();
  } else {
    text = value.is_array() ? "[" + cut(value.at(0), bytes_max)
                            : "{" + cut(value.member(0).key, bytes_max);
    text.append(bytes_max, ' ');
  }
  if (text.size() <= bytes_max) return text;
  text.resize(bytes_max - dots);
  return json::repaired(text) + "...";
}

}  // namespace

std::string excerpt(const json::Value& value) {
  return cut(value, short_bytes_max);
}

std::string excerpt_long(const json::Value& value) {
  return cut(value, long_bytes_max);
}

std::string describe(const json::Value& value) {
  return std::string(json::kind_name(value.kind())) + " (" + excerpt(value) + ")";
}

std::string cannot_index(const json::Value& container, const json::Value& key) {
  std::string text = "Cannot index " + std::string(json::kind_name(container.kind())) + " with ";
  text += json::kind_name(key.kind());
  if (key.is_string()) text += " \"" + std::string(key.as_string().substr(0, 100)) + "\"";
  return text;
}

}  // namespace penstock::jq
