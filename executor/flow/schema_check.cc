#include "executor/flow/schema_check.h"

#include <cmath>
#include <optional>

namespace penstock::flow {
namespace {

constexpr uint32_t kDepthMax = 200;         // a $ref that leads to itself ends here
constexpr uint64_t kStepsMax = 2'000'000;  // combinations of anyOf can explode

size_t code_points(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

bool is_whole(const json::Value& value) {
  if (value.as_integer()) return true;
  const double number = value.as_double();
  return std::floor(number) == number && std::isfinite(number);
}

bool has_type(std::string_view type, const json::Value& value) {
  if (type == "integer") return value.is_number() && is_whole(value);
  return json::kind_name(value.kind()) == type;
}

std::string unescape_pointer(std::string_view step) {
  std::string out;
  for (size_t i = 0; i < step.size(); i++) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    if (escape) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

std::optional<json::Value> find_reference(const json::Value& document, std::string_view pointer) {
  json::Value at = document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const size_t end = std::min(pointer.find('/'), pointer.size());
    std::optional<json::Value> next = at.find(unescape_pointer(pointer.substr(0, end)));
    if (!next) return std::nullopt;
    at = std::move(*next);
    pointer.remove_prefix(end);
  }
  return at;
}

std::optional<double> bound(const json::Value& schema, std::string_view key) {
  const std::optional<json::Value> value = schema.find(key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->as_double();
}

std::string shown(const json::Value& value) {
  std::string text = value.weight() < 200 ? value.dump() : "…";
  return text;
}

}  // namespace

static std::string escaped(const std::string& step) {
  std::string out;
  for (const char c : step) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

static std::string pointer_of(const std::vector<std::string>& steps) {
  std::string pointer;
  for (const std::string& step : steps) pointer += "/" + step;
  return pointer;
}

bool SchemaCheck::complain(std::string_view keyword, const std::string& what) {
  if (done()) return false;
  std::string rule = pointer_of(schema_path_);
  if (!keyword.empty()) rule.append("/").append(keyword);
  faults_.push_back({pointer_of(path_), what, std::move(rule)});
  return false;
}

bool SchemaCheck::within(const std::string& keyword, const json::Value& schema,
                         const json::Value& value) {
  schema_path_.push_back(keyword);
  const bool held = holds(schema, value);
  schema_path_.pop_back();
  return held;
}

bool SchemaCheck::below(const std::string& step, const std::string& keyword,
                        const json::Value& schema, const json::Value& value) {
  path_.push_back(escaped(step));
  const bool held = within(keyword, schema, value);
  path_.pop_back();
  return held;
}

// Whether it holds, with no complaint if not: for `not`, `anyOf` and the like.
bool SchemaCheck::quietly(const json::Value& schema, const json::Value& value) {
  quiet_++;
  const bool held = holds(schema, value);
  quiet_--;
  return held;
}

bool SchemaCheck::holds(const json::Value& schema, const json::Value& value) {
  if (schema.is_bool()) return schema.as_bool() || complain("", "is not allowed");
  if (!schema.is_object()) return true;
  if (++steps_ > kStepsMax || depth_ >= kDepthMax)
    return complain("", "cannot be checked: too complex");
  depth_++;
  const bool held = keywords_hold(schema, value);
  depth_--;
  return held;
}

bool SchemaCheck::keywords_hold(const json::Value& schema, const json::Value& value) {
  using Rule = bool (SchemaCheck::*)(const json::Value&, const json::Value&);
  const Rule own = value.is_number()   ? &SchemaCheck::number_holds
                   : value.is_string() ? &SchemaCheck::string_holds
                   : value.is_array()  ? &SchemaCheck::array_holds
                   : value.is_object() ? &SchemaCheck::object_holds
                                       : nullptr;
  bool held = true;
  for (const Rule rule : {&SchemaCheck::type_holds, &SchemaCheck::constants_hold, own,
                          &SchemaCheck::combined_hold, &SchemaCheck::condition_holds,
                          &SchemaCheck::reference_holds}) {
    if (rule) held = (this->*rule)(schema, value) && held;
    if (!held && done()) return false;
  }
  return held;
}

bool SchemaCheck::type_holds(const json::Value& schema, const json::Value& value) {
  const json::Value type = schema.get("type");
  if (type.is_string()) {
    return has_type(type.as_string(), value) ||
           complain("type", "is not of type " + std::string(type.as_string()));
  }
  if (!type.is_array()) return true;
  for (size_t i = 0; i < type.size(); i++) {
    if (has_type(type.at(i).as_string(), value)) return true;
  }
  return complain("type", "is of none of the types " + shown(type));
}

bool SchemaCheck::constants_hold(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> constant = schema.find("const");
  if (constant && !(*constant == value)) return complain("const", "is not " + shown(*constant));
  const json::Value options = schema.get("enum");
  if (!options.is_array()) return true;
  for (size_t i = 0; i < options.size(); i++) {
    if (options.at(i) == value) return true;
  }
  return complain("enum", "is none of " + shown(options));
}

bool SchemaCheck::number_holds(const json::Value& schema, const json::Value& value) {
  const double number = value.as_double();
  const auto least = bound(schema, "minimum"), most = bound(schema, "maximum");
  const auto above = bound(schema, "exclusiveMinimum"), under = bound(schema, "exclusiveMaximum");
  if (least && number < *least) return complain("minimum", "is less than " + shown(schema.get("minimum")));
  if (most && number > *most) return complain("maximum", "is more than " + shown(schema.get("maximum")));
  if (above && number <= *above) {
    return complain("exclusiveMinimum", "is not more than " + shown(schema.get("exclusiveMinimum")));
  }
  if (under && number >= *under) {
    return complain("exclusiveMaximum", "is not less than " + shown(schema.get("exclusiveMaximum")));
  }
  const auto unit = bound(schema, "multipleOf");
  if (!unit || *unit <= 0) return true;
  const double quotient = number / *unit;
  return std::abs(quotient - std::round(quotient)) < 1e-9 ||
         complain("multipleOf", "is not a multiple of " + shown(schema.get("multipleOf")));
}

bool SchemaCheck::string_holds(const json::Value& schema, const json::Value& value) {
  const auto least = bound(schema, "minLength"), most = bound(schema, "maxLength");
  if (least || most) {
    const auto length = static_cast<double>(code_points(value.as_string()));
    if (least && length < *least) {
      return complain("minLength", "is shorter than " + shown(schema.get("minLength")));
    }
    if (most && length > *most) return complain("maxLength", "is longer than " + shown(schema.get("maxLength")));
  }
  const json::Value pattern = schema.get("pattern");
  return !pattern.is_string() || schema_.matches(pattern.as_string(), value.as_string()) ||
         complain("pattern", "does not match " + std::string(pattern.as_string()));
}

bool SchemaCheck::array_holds(const json::Value& schema, const json::Value& value) {
  const auto count = static_cast<double>(value.size());
  const auto least = bound(schema, "minItems"), most = bound(schema, "maxItems");
  if (least && count < *least)
    return complain("minItems", "has fewer items than " + shown(schema.get("minItems")));
  if (most && count > *most)
    return complain("maxItems", "has more items than " + shown(schema.get("maxItems")));
  if (schema.get("uniqueItems").as_bool()) {
    for (size_t i = 0; i < value.size(); i++) {
      for (size_t k = 0; k < i; k++) {
        if (++steps_ > kStepsMax) return complain("uniqueItems", "cannot be checked: too complex");
        if (value.at(i) == value.at(k)) return complain("uniqueItems", "has the same item twice");
      }
    }
  }
  return items_hold(schema, value) && contains_holds(schema, value);
}

bool SchemaCheck::items_hold(const json::Value& schema, const json::Value& value) {
  const json::Value first = schema.get("prefixItems");
  const std::optional<json::Value> rest = schema.find("items");
  bool held = true;
  for (size_t i = 0; i < value.size(); i++) {
    const bool is_first = i < first.size();
    if (!is_first && !rest) break;
    const std::string keyword = is_first ? "prefixItems/" + std::to_string(i) : "items";
    held = below(std::to_string(i), keyword, is_first ? first.at(i) : *rest, value.at(i)) && held;
    if (!held && done()) return false;
  }
  return held;
}

bool SchemaCheck::contains_holds(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> wanted = schema.find("contains");
  if (!wanted) return true;
  double count = 0;
  for (size_t i = 0; i < value.size(); i++) count += quietly(*wanted, value.at(i));
  const double least = bound(schema, "minContains").value_or(1);
  const std::optional<double> most = bound(schema, "maxContains");
  if (count < least) return complain("contains", "does not contain what it must");
  return !most || count <= *most || complain("maxContains", "contains too much of what it may");
}

bool SchemaCheck::object_holds(const json::Value& schema, const json::Value& value) {
  const auto count = static_cast<double>(value.size());
  const auto least = bound(schema, "minProperties"), most = bound(schema, "maxProperties");
  if (least && count < *least) {
    return complain("minProperties", "has fewer properties than " + shown(schema.get("minProperties")));
  }
  if (most && count > *most) {
    return complain("maxProperties", "has more properties than " + shown(schema.get("maxProperties")));
  }
  const json::Value required = schema.get("required");
  bool held = true;
  for (size_t i = 0; i < required.size(); i++) {
    const json::Value key = required.at(i);
    if (value.find(key.as_string())) continue;
    held = complain("required", "lacks the property '" + std::string(key.as_string()) + "'");
    if (done()) return false;
  }
  held = properties_hold(schema, value) && held;
  return dependents_hold(schema, value) && held;
}

bool SchemaCheck::properties_hold(const json::Value& schema, const json::Value& value) {
  const json::Value known = schema.get("properties"), patterns = schema.get("patternProperties");
  const std::optional<json::Value> other = schema.find("additionalProperties");
  const std::optional<json::Value> names = schema.find("propertyNames");
  bool held = true;
  for (size_t i = 0; i < value.size(); i++) {
    const json::Member member = value.member(i);
    const std::string key(member.key.as_string());
    if (names) held = below(key, "propertyNames", *names, member.key) && held;
    const std::optional<json::Value> own = known.find(key);
    if (own) held = below(key, "properties/" + escaped(key), *own, member.value) && held;
    bool matched = own.has_value();
    for (size_t k = 0; k < patterns.size(); k++) {
      const json::Member pattern = patterns.member(k);
      if (!schema_.matches(pattern.key.as_string(), key)) continue;
      matched = true;
      const std::string rule(pattern.key.as_string());
      held = below(key, "patternProperties/" + escaped(rule), pattern.value, member.value) && held;
    }
    if (!matched && other) held = below(key, "additionalProperties", *other, member.value) && held;
    if (!held && done()) return false;
  }
  return held;
}

bool SchemaCheck::dependents_hold(const json::Value& schema, const json::Value& value) {
  const json::Value required = schema.get("dependentRequired");
  for (size_t i = 0; i < required.size() && required.is_object(); i++) {
    const json::Member rule = required.member(i);
    if (!value.find(rule.key.as_string())) continue;
    for (size_t k = 0; k < rule.value.size(); k++) {
      const json::Value key = rule.value.at(k);
      if (!value.find(key.as_string())) {
        return complain("dependentRequired",
                        "lacks the property '" + std::string(key.as_string()) + "'");
      }
    }
  }
  const json::Value schemas = schema.get("dependentSchemas");
  for (size_t i = 0; i < schemas.size() && schemas.is_object(); i++) {
    const json::Member rule = schemas.member(i);
    const std::string key(rule.key.as_string());
    if (value.find(key) && !within("dependentSchemas/" + escaped(key), rule.value, value))
      return false;
  }
  return true;
}

size_t SchemaCheck::count_holding(const json::Value& schemas, const json::Value& value) {
  size_t count = 0;
  for (size_t i = 0; i < schemas.size(); i++) count += quietly(schemas.at(i), value);
  return count;
}

bool SchemaCheck::combined_hold(const json::Value& schema, const json::Value& value) {
  const json::Value all = schema.get("allOf"), any = schema.get("anyOf"), one = schema.get("oneOf");
  for (size_t i = 0; i < all.size(); i++) {
    if (!within("allOf/" + std::to_string(i), all.at(i), value)) return false;
  }
  if (any.is_array() && count_holding(any, value) == 0) return complain("anyOf", "fits none of anyOf");
  if (one.is_array()) {
    const size_t count = count_holding(one, value);
    if (count != 1) return complain("oneOf", count ? "fits several of oneOf" : "fits none of oneOf");
  }
  const std::optional<json::Value> no = schema.find("not");
  return !no || !quietly(*no, value) || complain("not", "fits what it must not");
}

bool SchemaCheck::condition_holds(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> condition = schema.find("if");
  if (!condition) return true;
  const char* const keyword = quietly(*condition, value) ? "then" : "else";
  const std::optional<json::Value> branch = schema.find(keyword);
  return !branch || within(keyword, *branch, value);
}

bool SchemaCheck::reference_holds(const json::Value& schema, const json::Value& value) {
  const json::Value reference = schema.get("$ref");
  if (!reference.is_string()) return true;
  const std::string_view text = reference.as_string();
  if (!text.starts_with("#") || (text.size() > 1 && text[1] != '/')) {
    return complain("$ref", "cannot be checked: $ref '" + std::string(text) + "' leads elsewhere");
  }
  const std::optional<json::Value> target = find_reference(document_, text.substr(1));
  return target ? within("$ref", *target, value)
                : complain("$ref", "cannot be checked: $ref '" + std::string(text) + "' leads nowhere");
}

}  // namespace penstock::flow
