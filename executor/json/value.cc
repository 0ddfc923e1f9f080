#include "executor/json/value.h"

#include <cmath>

#include "executor/json/document.h"
#include "executor/json/meter.h"
#include "executor/json/node.h"
#include "executor/json/number.h"

namespace penstock::json {
namespace {

constexpr double exact_integers_max = 9007199254740992.0;  // 2^53

template <class Node>
void release(detail::Counted* node) {
  auto* full = static_cast<Node*>(node);
  detail::meter(-static_cast<int64_t>(full->metered));
  delete full;
}

std::optional<int64_t> whole(double number) {
  if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0)) return std::nullopt;
  const auto integer = static_cast<int64_t>(number);
  if (static_cast<double>(integer) != number) return std::nullopt;
  return integer;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  static constexpr std::string_view names[] = {"null",   "boolean", "number",
                                               "string", "array",   "object"};
  return names[static_cast<size_t>(kind)];
}

void Value::destroy() {
  switch (rep_) {
    case Rep::kTextNumber:
    case Rep::kString:
      return release<TextNode>(bits_.node);
    case Rep::kArray:
      return release<ArrayNode>(bits_.node);
    case Rep::kObject:
      return release<ObjectNode>(bits_.node);
    default:
      delete &document();
  }
}

Document& Value::document() const {
  return *static_cast<Document*>(bits_.node);
}

Value Value::boolean(bool value) {
  Value made;
  made.rep_ = value ? Rep::kTrue : Rep::kFalse;
  return made;
}

Value Value::number(double value) {
  Value made;
  made.rep_ = Rep::kNumber;
  made.bits_.number = value;
  return made;
}

Value Value::integer(int64_t value) {
  if (std::llabs(value) <= static_cast<int64_t>(exact_integers_max)) {
    return number(static_cast<double>(value));
  }
  return number_from_text(std::to_string(value));
}

Value Value::number_from_text(std::string_view text) {
  const double value = parse_number(text);
  if (std::fabs(value) < exact_integers_max || !is_integer_text(text)) return number(value);
  auto* node = new TextNode(std::string(text));
  remeter(*node);
  return Value(Rep::kTextNumber, node);
}

Value Value::string(std::string text) {
  auto* node = new TextNode(std::move(text));
  remeter(*node);
  return Value(Rep::kString, node);
}

Value Value::array() {
  auto* node = new ArrayNode;
  remeter(*node);
  return Value(Rep::kArray, node);
}

Value Value::object() {
  auto* node = new ObjectNode;
  remeter(*node);
  return Value(Rep::kObject, node);
}

Kind Value::kind() const {
  static constexpr Kind kinds[] = {Kind::kNull,   Kind::kBool,   Kind::kBool,  Kind::kNumber,
                                   Kind::kNumber, Kind::kString, Kind::kArray, Kind::kObject,
                                   Kind::kNumber, Kind::kString, Kind::kArray, Kind::kObject};
  return kinds[static_cast<size_t>(rep_)];
}

double Value::as_double() const {
  if (rep_ == Rep::kNumber) return bits_.number;
  const std::string_view text = number_text();
  return text.empty() ? 0 : parse_number(text);
}

std::optional<int64_t> Value::as_integer() const {
  if (rep_ == Rep::kNumber) return whole(bits_.number);
  const std::string_view text = number_text();
  if (text.empty()) return std::nullopt;
  if (!is_integer_text(text)) return whole(parse_number(text));
  if (compare_integers(text, "9223372036854775807") > 0) return std::nullopt;
  if (compare_integers(text, "-9223372036854775808") < 0) return std::nullopt;
  return std::stoll(std::string(text));
}

std::string_view Value::number_text() const {
  if (rep_ == Rep::kTextNumber) return static_cast<TextNode*>(bits_.node)->text;
  if (rep_ == Rep::kDocNumber) return document().slice(document().items[item_]);
  return {};
}

std::string_view Value::as_string() const {
  if (rep_ == Rep::kString) return static_cast<TextNode*>(bits_.node)->text;
  if (rep_ == Rep::kDocString) return document().slice(document().items[item_]);
  return {};
}

size_t Value::size() const {
  switch (rep_) {
    case Rep::kArray:
      return static_cast<ArrayNode*>(bits_.node)->items.size();
    case Rep::kObject:
      return static_cast<ObjectNode*>(bits_.node)->entries.size();
    case Rep::kDocArray:
      return document().items[item_].count;
    case Rep::kDocObject:
      return document().object(item_).count;
    default:
      return 0;
  }
}

Value Value::at(size_t index) const {
  if (rep_ == Rep::kArray) {
    const auto& items = static_cast<ArrayNode*>(bits_.node)->items;
    return index < items.size() ? items[index] : Value();
  }
  if (rep_ == Rep::kDocArray) {
    const Item& item = document().items[item_];
    return index < item.count ? document().value(item.first + static_cast<uint32_t>(index))
                              : Value();
  }
  return member(index).value;
}

Member Value::member(size_t index) const {
  if (rep_ == Rep::kObject) {
    const auto& entries = static_cast<ObjectNode*>(bits_.node)->entries;
    return index < entries.size() ? Member{entries[index].key, entries[index].value} : Member{};
  }
  if (rep_ != Rep::kDocObject) return {};
  const Item& item = document().object(item_);
  if (index >= item.count) return {};
  const uint32_t key = item.first + static_cast<uint32_t>(index) * 2;
  return {document().value(key), document().value(key + 1)};
}

std::optional<Value> Value::find(std::string_view key) const {
  if (rep_ == Rep::kDocObject) {
    const auto at = document().find(item_, key);
    return at ? std::optional(document().value(*at)) : std::nullopt;
  }
  if (rep_ != Rep::kObject) return std::nullopt;
  auto& node = *static_cast<ObjectNode*>(bits_.node);
  const uint32_t at = node.find(key);
  return at == KeyIndex::none ? std::nullopt : std::optional(node.entries[at].value);
}

Value Value::get(std::string_view key) const {
  auto found = find(key);
  return found ? std::move(*found) : Value();
}

uint32_t Value::depth() const {
  switch (rep_) {
    case Rep::kArray:
      return static_cast<ArrayNode*>(bits_.node)->depth;
    case Rep::kObject:
      return static_cast<ObjectNode*>(bits_.node)->depth;
    case Rep::kDocArray:
    case Rep::kDocObject:
      return document().items[item_].count == 0 ? 1 : document().depth;
    default:
      return 0;
  }
}

uint64_t Value::weight() const {
  switch (rep_) {
    case Rep::kArray:
      return static_cast<ArrayNode*>(bits_.node)->weight;
    case Rep::kObject:
      return static_cast<ObjectNode*>(bits_.node)->weight;
    case Rep::kString:
      return static_cast<TextNode*>(bits_.node)->text.size() + 2;
    case Rep::kNumber:
      return 8;
    case Rep::kTextNumber:
      return static_cast<TextNode*>(bits_.node)->text.size();
    case Rep::kDocNumber:
    case Rep::kDocString:
    case Rep::kDocArray:
    case Rep::kDocObject:
      return document().items[item_].length + 2;
    default:
      return 4;
  }
}

bool Value::same(const Value& other) const {
  if (is_number() && other.is_number()) {
    const double a = as_double(), b = other.as_double();
    return a == b || (std::isnan(a) && std::isnan(b));
  }
  if (rep_ != other.rep_) return false;
  return !counted() || (bits_.node == other.bits_.node && item_ == other.item_);
}

}  // namespace penstock::json
