// Where a needle occurs, as `indices` and `.[[…]]` ask.
#include "executor/jq/path.h"
#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Value;

// In code points, without overlap.
Value positions_in_string(std::string_view text, std::string_view needle) {
  Value found = Value::array();
  if (needle.empty()) return {};
  size_t points = 0;
  for (size_t from = 0;;) {
    const size_t at = text.find(needle, from);
    if (at == text.npos) return found;
    points += json::count_code_points(text.substr(from, at - from));
    found.push_back(Value::number(static_cast<double>(points)));
    points += json::count_code_points(needle);
    from = at + needle.size();
  }
}

bool run_at(const Value& array, size_t at, const Value& needle) {
  for (size_t i = 0; i < needle.size(); i++)
    if (!(array.at(at + i) == needle.at(i))) return false;
  return true;
}

Value positions_of_run(Call& call, const Value& array, const Value& needle) {
  Value found = Value::array();
  if (needle.size() == 0 || needle.size() > array.size()) return found;
  if (!call.guard.spend(array.size())) return {};
  for (size_t i = 0; i + needle.size() <= array.size(); i++)
    if (run_at(array, i, needle)) found.push_back(Value::number(static_cast<double>(i)));
  return found;
}

}  // namespace

Value positions(Call& call, const Value& haystack, const Value& needle) {
  if (haystack.is_null()) return {};
  if (haystack.is_string() && needle.is_string()) {
    return positions_in_string(haystack.as_string(), needle.as_string());
  }
  if (!haystack.is_array()) return call.fail(cannot_index(haystack, needle));
  if (needle.is_array()) return positions_of_run(call, haystack, needle);
  Value run = Value::array();
  run.push_back(needle);
  return positions_of_run(call, haystack, run);
}

}  // namespace penstock::jq
