#include "executor/lint/shape.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "executor/lint/suggestion.h"

namespace penstock::lint {
namespace {

std::string_view article_and_kind(json::Kind kind) {
  switch (kind) {
    case json::Kind::kNull:
      return "nothing";
    case json::Kind::kBool:
      return "a boolean";
    case json::Kind::kNumber:
      return "a number";
    case json::Kind::kString:
      return "a string";
    case json::Kind::kArray:
      return "a list";
    case json::Kind::kObject:
      return "an object";
  }
  return "";
}

std::string type_hint(const json::Value& value, std::string_view wanted) {
  const bool string_wanted = wanted.find("string") != std::string_view::npos;
  if (value.is_number() && string_wanted) return "quote it: \"" + value.dump() + "\"";
  if (value.is_bool() && string_wanted) return "quote it: \"" + value.dump() + "\"";
  const bool number = wanted == "an integer" || wanted == "a boolean";
  if (value.is_string() && number && value.size() == 0) return "write it without quotes";
  return {};
}

const Field* find_field(const Shape& shape, std::string_view key) {
  const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                  [&](const Field& field) { return field.key == key; });
  return found == shape.fields.end() ? nullptr : &*found;
}

std::vector<std::string_view> absent_keys(const Node& node, const Shape& shape) {
  std::vector<std::string_view> keys;
  for (const Field& field : shape.fields) {
    if (!has(node, field.key)) keys.push_back(field.key);
  }
  return keys;
}

std::string known_keys(const Shape& shape) {
  std::string keys = "known here: ";
  for (const Field& field : shape.fields) {
    if (&field != shape.fields.data()) keys += ", ";
    keys += field.key;
  }
  return keys;
}

// Reports an unknown member; returns the key it was probably meant to be, or "".
std::string_view report_unknown(Findings& findings, const Node& member, std::string_view key,
                                const Shape& shape, std::span<const std::string_view> absent) {
  const std::string_view meant = suggest(key, absent);
  std::string message = "unknown key " + quoted(key) + " in " + std::string(shape.title);
  std::string hint = meant.empty() ? known_keys(shape) : "did you mean " + quoted(meant) + "?";
  const Field* field = find_field(shape, meant);
  if (shape.others == Others::kRefused || (field && field->need == Need::kRequired)) {
    findings.error(code::kUnknownKey, member, At::kKey, std::move(message), std::move(hint));
    return meant;
  }
  findings.warning(code::kAdvice, member, At::kKey, message + "; nothing reads it",
                   std::move(hint));
  return {};
}

void report_missing(Findings& findings, const Node& node, const Shape& shape,
                    const std::vector<std::string_view>& meant) {
  std::string missing;
  for (const Field& field : shape.fields) {
    if (field.need == Need::kOptional || has(node, field.key)) continue;
    if (std::find(meant.begin(), meant.end(), field.key) != meant.end()) continue;
    missing += (missing.empty() ? "" : ", ") + quoted(field.key);
  }
  if (missing.empty()) return;
  findings.error(code::kMissingKey, node, At::kKey,
                 missing + " missing from " + std::string(shape.title));
}

bool expect(Findings& findings, const Node& node, json::Kind kind, std::string_view wanted) {
  if (node.value().kind() == kind) return true;
  report_type(findings, node, wanted);
  return false;
}

}  // namespace

std::string quoted(std::string_view text) {
  if (text.size() <= 60) return "\"" + std::string(text) + "\"";
  return "\"" + std::string(text.substr(0, 57)) + "...\"";
}

bool has(const Node& node, std::string_view key) {
  return node.value().find(key).has_value();
}

void report_type(Findings& findings, const Node& node, std::string_view wanted) {
  findings.error(code::kWrongType, node, At::kValue,
                 quoted(node.name()) + " must be " + std::string(wanted) + ", not " +
                     std::string(article_and_kind(node.value().kind())),
                 type_hint(node.value(), wanted));
}

bool expect_object(Findings& findings, const Node& node) {
  return expect(findings, node, json::Kind::kObject, "an object");
}
bool expect_array(Findings& findings, const Node& node) {
  return expect(findings, node, json::Kind::kArray, "a list");
}
bool expect_string(Findings& findings, const Node& node) {
  return expect(findings, node, json::Kind::kString, "a string");
}

void check_object(Findings& findings, const Node& node, const Shape& shape) {
  if (findings.full() || !expect_object(findings, node)) return;
  const std::vector<std::string_view> absent = absent_keys(node, shape);
  std::vector<std::string_view> meant;
  for (size_t i = 0; i < node.value().size() && !findings.full(); i++) {
    const json::Member member = node.value().member(i);
    const std::string_view key = member.key.as_string();
    const Node child(node, key, member.value);
    if (const Field* field = find_field(shape, key)) {
      field->check(findings, child);
    } else if (shape.others != Others::kFree) {
      meant.push_back(report_unknown(findings, child, key, shape, absent));
    }
  }
  report_missing(findings, node, shape, meant);
}

void check_anything(Findings&, const Node&) {}

void check_string(Findings& findings, const Node& node) {
  std::ignore = expect_string(findings, node);
}

void check_non_empty_string(Findings& findings, const Node& node) {
  if (!expect_string(findings, node) || !node.value().as_string().empty()) return;
  findings.error(code::kBadValue, node, At::kValue, quoted(node.name()) + " must not be empty");
}

void check_boolean(Findings& findings, const Node& node) {
  if (!node.value().is_bool()) report_type(findings, node, "a boolean");
}

void check_integer(Findings& findings, const Node& node) {
  if (!node.value().is_number()) return report_type(findings, node, "an integer");
  const double value = node.value().as_double();
  if (value == std::floor(value)) return;
  findings.error(code::kWrongType, node, At::kValue,
                 quoted(node.name()) + " must be an integer, not " + node.value().dump());
}

void check_any_object(Findings& findings, const Node& node) {
  std::ignore = expect_object(findings, node);
}

void check_each_item(Findings& findings, const Node& node, Check check) {
  if (!expect_array(findings, node)) return;
  for (size_t i = 0; i < node.value().size(); i++)
    check(findings, Node(node, i, node.value().at(i)));
}

void check_each_member(Findings& findings, const Node& node, Check check) {
  if (!expect_object(findings, node)) return;
  for (size_t i = 0; i < node.value().size(); i++) {
    const json::Member member = node.value().member(i);
    check(findings, Node(node, member.key.as_string(), member.value));
  }
}

void check_string_map(Findings& findings, const Node& node) {
  check_each_member(findings, node, check_string);
}

void check_string_list(Findings& findings, const Node& node) {
  check_each_item(findings, node, check_string);
}

void check_word(Findings& findings, const Node& node, std::span<const std::string_view> words) {
  if (!expect_string(findings, node)) return;
  const std::string_view value = node.value().as_string();
  if (std::find(words.begin(), words.end(), value) != words.end()) return;
  const std::string_view meant = suggest(value, words);
  std::string known;
  for (const std::string_view word : words) known += (known.empty() ? "" : ", ") + quoted(word);
  findings.error(code::kBadValue, node, At::kValue,
                 quoted(value) + " is not one of " + quoted(node.name()) + "'s values: " + known,
                 meant.empty() ? std::string() : "did you mean " + quoted(meant) + "?");
}

}  // namespace penstock::lint
