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

bool SchemaCheck::complain(const std::string& what) {
  if (!complaint_.empty()) return false;
  std::string where;
  for (const std::string& step : path_) where += "/" + step;
  complaint_ = (where.empty() ? "the value" : where) + " " + what;
  return false;
}

bool SchemaCheck::below(const std::string& step, const json::Value& schema,
                        const json::Value& value) {
  path_.push_back(step);
  const bool held = holds(schema, value);
  path_.pop_back();
  return held;
}

// Whether it holds, with no complaint if not: for `not`, `anyOf` and the like.
bool SchemaCheck::quietly(const json::Value& schema, const json::Value& value) {
  std::string kept = complaint_;
  const bool held = holds(schema, value);
  complaint_ = std::move(kept);
  return held;
}

bool SchemaCheck::holds(const json::Value& schema, const json::Value& value) {
  if (schema.is_bool()) return schema.as_bool() || complain("is not allowed");
  if (!schema.is_object()) return true;
  if (++steps_ > kStepsMax || depth_ >= kDepthMax)
    return complain("cannot be checked: too complex");
  depth_++;
  const bool held = keywords_hold(schema, value);
  depth_--;
  return held;
}

bool SchemaCheck::keywords_hold(const json::Value& schema, const json::Value& value) {
  return type_holds(schema, value) && constants_hold(schema, value) &&
         (!value.is_number() || number_holds(schema, value)) &&
         (!value.is_string() || string_holds(schema, value)) &&
         (!value.is_array() || array_holds(schema, value)) &&
         (!value.is_object() || object_holds(schema, value)) && combined_hold(schema, value) &&
         condition_holds(schema, value) && reference_holds(schema, value);
}

bool SchemaCheck::type_holds(const json::Value& schema, const json::Value& value) {
  const json::Value type = schema.get("type");
  if (type.is_string()) {
    return has_type(type.as_string(), value) ||
           complain("is not of type " + std::string(type.as_string()));
  }
  if (!type.is_array()) return true;
  for (size_t i = 0; i < type.size(); i++) {
    if (has_type(type.at(i).as_string(), value)) return true;
  }
  return complain("is of none of the types " + shown(type));
}

bool SchemaCheck::constants_hold(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> constant = schema.find("const");
  if (constant && !(*constant == value)) return complain("is not " + shown(*constant));
  const json::Value options = schema.get("enum");
  if (!options.is_array()) return true;
  for (size_t i = 0; i < options.size(); i++) {
    if (options.at(i) == value) return true;
  }
  return complain("is none of " + shown(options));
}

bool SchemaCheck::number_holds(const json::Value& schema, const json::Value& value) {
  const double number = value.as_double();
  const auto least = bound(schema, "minimum"), most = bound(schema, "maximum");
  const auto above = bound(schema, "exclusiveMinimum"), under = bound(schema, "exclusiveMaximum");
  if (least && number < *least) return complain("is less than " + shown(schema.get("minimum")));
  if (most && number > *most) return complain("is more than " + shown(schema.get("maximum")));
  if (above && number <= *above) {
    return complain("is not more than " + shown(schema.get("exclusiveMinimum")));
  }
  if (under && number >= *under) {
    return complain("is not less than " + shown(schema.get("exclusiveMaximum")));
  }
  const auto unit = bound(schema, "multipleOf");
  if (!unit || *unit <= 0) return true;
  const double quotient = number / *unit;
  return std::abs(quotient - std::round(quotient)) < 1e-9 ||
         complain("is not a multiple of " + shown(schema.get("multipleOf")));
}

bool SchemaCheck::string_holds(const json::Value& schema, const json::Value& value) {
  const auto least = bound(schema, "minLength"), most = bound(schema, "maxLength");
  if (least || most) {
    const auto length = static_cast<double>(code_points(value.as_string()));
    if (least && length < *least) {
      return complain("is shorter than " + shown(schema.get("minLength")));
    }
    if (most && length > *most) return complain("is longer than " + shown(schema.get("maxLength")));
  }
  const json::Value pattern = schema.get("pattern");
  return !pattern.is_string() || schema_.matches(pattern.as_string(), value.as_string()) ||
         complain("does not match " + std::string(pattern.as_string()));
}

bool SchemaCheck::array_holds(const json::Value& schema, const json::Value& value) {
  const auto count = static_cast<double>(value.size());
  const auto least = bound(schema, "minItems"), most = bound(schema, "maxItems");
  if (least && count < *least)
    return complain("has fewer items than " + shown(schema.get("minItems")));
  if (most && count > *most)
    return complain("has more items than " + shown(schema.get("maxItems")));
  if (schema.get("uniqueItems").as_bool()) {
    for (size_t i = 0; i < value.size(); i++) {
      for (size_t k = 0; k < i; k++) {
        if (++steps_ > kStepsMax) return complain("cannot be checked: too complex");
        if (value.at(i) == value.at(k)) return complain("has the same item twice");
      }
    }
  }
  return items_hold(schema, value) && contains_holds(schema, value);
}

bool SchemaCheck::items_hold(const json::Value& schema, const json::Value& value) {
  const json::Value first = schema.get("prefixItems");
  const std::optional<json::Value> rest = schema.find("items");
  for (size_t i = 0; i < value.size(); i++) {
    const bool is_first = i < first.size();
    if (!is_first && !rest) break;
    if (!below(std::to_string(i), is_first ? first.at(i) : *rest, value.at(i))) return false;
  }
  return true;
}

bool SchemaCheck::contains_holds(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> wanted = schema.find("contains");
  if (!wanted) return true;
  double count = 0;
  for (size_t i = 0; i < value.size(); i++) count += quietly(*wanted, value.at(i));
  const double least = bound(schema, "minContains").value_or(1);
  const std::optional<double> most = bound(schema, "maxContains");
  if (count < least) return complain("does not contain what it must");
  return !most || count <= *most || complain("contains too much of what it may");
}

bool SchemaCheck::object_holds(const json::Value& schema, const json::Value& value) {
  const auto count = static_cast<double>(value.size());
  const auto least = bound(schema, "minProperties"), most = bound(schema, "maxProperties");
  if (least && count < *least) {
    return complain("has fewer properties than " + shown(schema.get("minProperties")));
  }
  if (most && count > *most) {
    return complain("has more properties than " + shown(schema.get("maxProperties")));
  }
  const json::Value required = schema.get("required");
  for (size_t i = 0; i < required.size(); i++) {
    const json::Value key = required.at(i);
    if (!value.find(key.as_string())) {
      return complain("lacks the property '" + std::string(key.as_string()) + "'");
    }
  }
  return properties_hold(schema, value) && dependents_hold(schema, value);
}

bool SchemaCheck::properties_hold(const json::Value& schema, const json::Value& value) {
  const json::Value known = schema.get("properties"), patterns = schema.get("patternProperties");
  const std::optional<json::Value> other = schema.find("additionalProperties");
  const std::optional<json::Value> names = schema.find("propertyNames");
  for (size_t i = 0; i < value.size(); i++) {
    const json::Member member = value.member(i);
    const std::string key(member.key.as_string());
    if (names && !below(key, *names, member.key)) return false;
    const std::optional<json::Value> own = known.find(key);
    if (own && !below(key, *own, member.value)) return false;
    bool matched = own.has_value();
    for (size_t k = 0; k < patterns.size(); k++) {
      const json::Member pattern = patterns.member(k);
      if (!schema_.matches(pattern.key.as_string(), key)) continue;
      matched = true;
      if (!below(key, pattern.value, member.value)) return false;
    }
    if (!matched && other && !below(key, *other, member.value)) return false;
  }
  return true;
}

bool SchemaCheck::dependents_hold(const json::Value& schema, const json::Value& value) {
  const json::Value required = schema.get("dependentRequired");
  for (size_t i = 0; i < required.size() && required.is_object(); i++) {
    const json::Member rule = required.member(i);
    if (!value.find(rule.key.as_string())) continue;
    for (size_t k = 0; k < rule.value.size(); k++) {
      const json::Value key = rule.value.at(k);
      if (!value.find(key.as_string())) {
        return complain("lacks the property '" + std::string(key.as_string()) + "'");
      }
    }
  }
  const json::Value schemas = schema.get("dependentSchemas");
  for (size_t i = 0; i < schemas.size() && schemas.is_object(); i++) {
    const json::Member rule = schemas.member(i);
    if (value.find(rule.key.as_string()) && !holds(rule.value, value)) return false;
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
    if (!holds(all.at(i), value)) return false;
  }
  if (any.is_array() && count_holding(any, value) == 0) return complain("fits none of anyOf");
  if (one.is_array()) {
    const size_t count = count_holding(one, value);
    if (count != 1) return complain(count ? "fits several of oneOf" : "fits none of oneOf");
  }
  const std::optional<json::Value> no = schema.find("not");
  return !no || !quietly(*no, value) || complain("fits what it must not");
}

bool SchemaCheck::condition_holds(const json::Value& schema, const json::Value& value) {
  const std::optional<json::Value> condition = schema.find("if");
  if (!condition) return true;
  const std::optional<json::Value> branch =
      schema.find(quietly(*condition, value) ? "then" : "else");
  return !branch || holds(*branch, value);
}

bool SchemaCheck::reference_holds(const json::Value& schema, const json::Value& value) {
  const json::Value reference = schema.get("$ref");
  if (!reference.is_string()) return true;
  const std::string_view text = reference.as_string();
  if (!text.starts_with("#") || (text.size() > 1 && text[1] != '/')) {
    return complain("cannot be checked: $ref '" + std::string(text) + "' leads elsewhere");
  }
  const std::optional<json::Value> target = find_reference(document_, text.substr(1));
  return target ? holds(*target, value)
                : complain("cannot be checked: $ref '" + std::string(text) + "' leads nowhere");
}

}  // namespace penstock::flow
