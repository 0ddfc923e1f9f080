#include "gateway/app/key_path.h"

#include <simdjson.h>

#include <charconv>
#include <variant>
#include <vector>

namespace penstock::gateway {
namespace {

using Step = std::variant<std::string, size_t>;
constexpr size_t kStepsMax = 32;

bool starts_name(char c) { return isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_name(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// What is between the brackets that `rest` begins with; `rest` goes on behind them.
std::optional<Step> bracket(std::string_view& rest) {
  rest.remove_prefix(1);
  if (rest.starts_with('"')) {
    const size_t end = rest.find('"', 1);
    if (end == std::string_view::npos || rest.substr(end + 1, 1) != "]") return std::nullopt;
    const std::string_view name = rest.substr(1, end - 1);
    if (name.find('\\') != std::string_view::npos) return std::nullopt;  // an escape, or \(…)
    rest.remove_prefix(end + 2);
    return std::string(name);
  }
  size_t index = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), index);
  const auto used = static_cast<size_t>(read.ptr - rest.data());
  if (read.ec != std::errc() || rest.substr(used, 1) != "]") return std::nullopt;
  rest.remove_prefix(used + 1);
  return index;
}

std::optional<std::vector<Step>> steps_of(std::string_view rest) {
  std::vector<Step> steps;
  if (!rest.starts_with('.')) return std::nullopt;
  while (!rest.empty() && steps.size() < kStepsMax) {
    if (rest[0] == '.') rest.remove_prefix(1);
    else if (rest[0] != '[') return std::nullopt;
    if (rest.starts_with('[')) {
      auto step = bracket(rest);
      if (!step) return std::nullopt;
      steps.push_back(*std::move(step));
      continue;
    }
    if (rest.empty() || !starts_name(rest[0])) return std::nullopt;
    size_t end = 1;
    while (end < rest.size() && in_name(rest[end])) end++;
    steps.push_back(std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  if (!rest.empty() || steps.empty()) return std::nullopt;
  return steps;
}

std::optional<std::string> key_of(simdjson::ondemand::value value) {
  simdjson::ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  if (type == simdjson::ondemand::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
  }
  if (type != simdjson::ondemand::json_type::number &&
      type != simdjson::ondemand::json_type::boolean)
    return std::nullopt;
  std::string_view raw = value.raw_json_token();
  while (!raw.empty() && isspace(static_cast<unsigned char>(raw.back()))) raw.remove_suffix(1);
  return std::string(raw);
}

}  // namespace

bool is_key_path(std::string_view expression) { return steps_of(expression).has_value(); }

std::optional<std::string> read_key_path(const Body& body, std::string_view path) {
  const auto steps = steps_of(path);
  if (!steps || body.empty()) return std::nullopt;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  if (parser.iterate(body.data(), body.size(), body.size() + Body::padding_bytes).get(document) !=
      simdjson::SUCCESS)
    return std::nullopt;
  simdjson::ondemand::value value;
  bool first = true;
  for (const Step& step : *steps) {
    simdjson::error_code error;
    if (const auto* name = std::get_if<std::string>(&step))
      error = (first ? document.find_field_unordered(*name) : value.find_field_unordered(*name))
                  .get(value);
    else
      error = (first ? document.at(std::get<size_t>(step)) : value.at(std::get<size_t>(step)))
                  .get(value);
    if (error != simdjson::SUCCESS) return std::nullopt;
    first = false;
  }
  return key_of(value);
}

}  // namespace penstock::gateway
