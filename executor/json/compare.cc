// jq's total order over values.
#include <algorithm>
#include <cmath>
#include <vector>

#include "executor/json/number.h"
#include "executor/json/value.h"

namespace penstock::json {
namespace {

constexpr double exact_integers_max = 9007199254740992.0;  // 2^53

int sign(int order) {
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

// Where doubles run out of digits the texts decide, so that long ids stay apart.
std::string integer_text(const Value& number) {
  const std::string_view text = number.number_text();
  if (is_integer_text(text)) return std::string(text);
  char digits[400];
  const int length = snprintf(digits, sizeof digits, "%.0f", number.as_double());
  return std::string(digits, static_cast<size_t>(length));
}

// NaN sorts below every number, itself included, as jq has it.
int compare_numbers(const Value& a, const Value& b) {
  const double x = a.as_double(), y = b.as_double();
  if (x < y || std::isnan(x)) return -1;
  if (x > y || std::isnan(y)) return 1;
  if (std::fabs(x) < exact_integers_max) return 0;
  if (a.number_text().empty() && b.number_text().empty()) return 0;
  return compare_integers(integer_text(a), integer_text(b));
}

int compare_arrays(const Value& a, const Value& b) {
  const size_t shared = std::min(a.size(), b.size());
  for (size_t i = 0; i < shared; i++)
    if (const int order = compare(a.at(i), b.at(i)); order != 0) return order;
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

std::vector<Value> sorted_keys(const Value& object) {
  std::vector<Value> keys;
  keys.reserve(object.size());
  for (size_t i = 0; i < object.size(); i++) keys.push_back(object.member(i).key);
  std::sort(keys.begin(), keys.end(),
            [](const Value& a, const Value& b) { return a.as_string() < b.as_string(); });
  return keys;
}

int compare_objects(const Value& a, const Value& b) {
  const std::vector<Value> a_keys = sorted_keys(a), b_keys = sorted_keys(b);
  const size_t shared = std::min(a_keys.size(), b_keys.size());
  for (size_t i = 0; i < shared; i++)
    if (const int order = a_keys[i].as_string().compare(b_keys[i].as_string()); order != 0)
      return sign(order);
  if (a_keys.size() != b_keys.size()) return a_keys.size() < b_keys.size() ? -1 : 1;
  for (const Value& key : a_keys) {
    const int order = compare(a.get(key.as_string()), b.get(key.as_string()));
    if (order != 0) return order;
  }
  return 0;
}

}  // namespace

int compare(const Value& a, const Value& b) {
  const Kind kind = a.kind();
  if (kind != b.kind()) return kind < b.kind() ? -1 : 1;
  switch (kind) {
    case Kind::kNull:
      return 0;
    case Kind::kBool:
      return static_cast<int>(a.as_bool()) - static_cast<int>(b.as_bool());
    case Kind::kNumber:
      return compare_numbers(a, b);
    // UTF-8 sorts by bytes as its code points do.
    case Kind::kString:
      return sign(a.as_string().compare(b.as_string()));
    case Kind::kArray:
      return compare_arrays(a, b);
    case Kind::kObject:
      return compare_objects(a, b);
  }
  return 0;
}

}  // namespace penstock::json
