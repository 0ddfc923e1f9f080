#include "gateway/verify/json_fact.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace penstock::verify {

using Element = simdjson::dom::element;

/// A member of an object or an item of an array.
static std::optional<Element> below(Element parent, std::string_view step) {
  Element child;
  size_t index = 0;
  if (parent.is_object() &&
      parent.get_object().value().at_key(step).get(child) == simdjson::SUCCESS)
    return child;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool number = error == std::errc() && end == step.data() + step.size();
  if (!number || !parent.is_array()) return std::nullopt;
  if (parent.get_array().value().at(index).get(child) != simdjson::SUCCESS) return std::nullopt;
  return child;
}

struct JsonFacts::Parsed {
  simdjson::dom::parser parser;
  Element root;
  bool valid = false;

  /// Our own walk: simdjson's keeps a view of a temporary when a pointer has escapes.
  std::optional<Element> at(std::string_view pointer) const {
    std::optional<Element> found;
    if (valid) found = root;
    while (found && !pointer.empty()) {
      pointer.remove_prefix(1);
      const std::string_view step = pointer.substr(0, pointer.find('/'));
      pointer.remove_prefix(step.size());
      found = below(*found, step);
    }
    return found;
  }
};

JsonFacts::JsonFacts(std::string_view text) : parsed_(std::make_unique<Parsed>()) {
  const simdjson::padded_string padded(text);
  parsed_->valid = parsed_->parser.parse(padded).get(parsed_->root) == simdjson::SUCCESS;
}

JsonFacts::JsonFacts(JsonFacts&&) noexcept = default;
JsonFacts::~JsonFacts() = default;

bool JsonFacts::valid() const {
  return parsed_->valid;
}

std::optional<std::string> JsonFacts::text(const std::string& pointer) const {
  const auto found = parsed_->at(pointer);
  if (!found) return std::nullopt;
  if (found->is_string()) return std::string(found->get_string().value());
  if (found->is_int64()) return std::to_string(found->get_int64().value());
  if (found->is_uint64()) return std::to_string(found->get_uint64().value());
  if (found->is_bool()) return found->get_bool().value() ? "true" : "false";
  return std::nullopt;
}

std::optional<int64_t> JsonFacts::number(const std::string& pointer) const {
  static constexpr double exact_max = 9'007'199'254'740'992.0;  // 2^53
  const auto found = parsed_->at(pointer);
  if (!found) return std::nullopt;
  if (found->is_int64()) return found->get_int64().value();
  if (!found->is_double()) return std::nullopt;
  const double value = found->get_double().value();
  if (value < -exact_max || value > exact_max) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<size_t> JsonFacts::array_size(const std::string& pointer) const {
  const auto found = parsed_->at(pointer);
  if (!found || !found->is_array()) return std::nullopt;
  return found->get_array().value().size();
}

bool JsonFacts::has(const std::string& pointer) const {
  return parsed_->at(pointer).has_value();
}

bool JsonFacts::is_object(const std::string& pointer) const {
  const auto found = parsed_->at(pointer);
  return found && found->is_object();
}

bool JsonFacts::is_string(const std::string& pointer) const {
  const auto found = parsed_->at(pointer);
  return found && found->is_string();
}

bool JsonFacts::repeats_member(const std::string& pointer) const {
  const auto found = parsed_->at(pointer);
  if (!found || !found->is_object()) return false;
  const simdjson::dom::object members = found->get_object();
  std::vector<std::string_view> names;
  for (const auto& [name, value] : members) names.push_back(name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

}  // namespace penstock::verify
