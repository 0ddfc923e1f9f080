#include "executor/jq/slice.h"

#include <algorithm>
#include <cmath>

#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Value;

Value slice_string(const Value& string, const Value& key, Call& call) {
  const std::string_view text = string.as_string();
  if (!call.guard.spend(text.size() / 512)) return {};
  const auto range = slice_range(key, json::count_code_points(text));
  if (!range) return call.fail(std::string(slice_error));
  const size_t begin = json::byte_offset(text, range->begin);
  const size_t length = json::byte_offset(text.substr(begin), range->end - range->begin);
  return Value::string(std::string(text.substr(begin, length)));
}

Value slice_array(const Value& array, const Value& key, Call& call) {
  const auto range = slice_range(key, array.size());
  if (!range) return call.fail(std::string(slice_error));
  const size_t count = range->end - range->begin;
  if (!call.guard.spend(count / 2) || !call.guard.room_for(count * sizeof(Value))) return {};
  Value out = Value::array();
  out.reserve(count);
  for (size_t i = range->begin; i < range->end; i++) out.push_back(array.at(i));
  return out;
}

}  // namespace

std::optional<SliceRange> slice_range(const Value& key, size_t size) {
  if (!key.find("start") || !key.find("end")) return std::nullopt;
  const Value from = key.get("start"), to = key.get("end");
  if (!(from.is_null() || from.is_number()) || !(to.is_null() || to.is_number()))
    return std::nullopt;
  const double length = static_cast<double>(size);
  double begin = from.is_null() ? 0 : from.as_double();
  double end = to.is_null() ? length : to.as_double();
  if (begin < 0) begin += length;
  if (end < 0) end += length;
  // Written so that NaN counts as the start.
  begin = begin > 0 ? std::min(begin, length) : 0;
  end = end < length ? end : length;
  end = end > begin ? end : begin;
  return SliceRange{static_cast<size_t>(begin), static_cast<size_t>(std::ceil(end))};
}

Value slice(Call& call, const Value& sequence, const Value& key) {
  return sequence.is_string() ? slice_string(sequence, key, call)
                              : slice_array(sequence, key, call);
}

}  // namespace penstock::jq
