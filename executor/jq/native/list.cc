// Arrays: sorting, grouping, joining, flattening.
#include <algorithm>
#include <bit>
#include <vector>

#include "executor/jq/native.h"
#include "executor/jq/operators.h"
#include "executor/jq/path.h"

namespace penstock::jq {
namespace {

using json::Value;

/// An element and what it sorts by.
struct Keyed {
  Value key;
  Value item;
};

bool sortable(Call& call, const Value& array) {
  if (array.is_array()) return call.guard.spend(array.size() * std::bit_width(array.size()));
  call.fail(describe(array) + " cannot be sorted, as it is not an array");
  return false;
}

// The input's elements with the keys that args[1] has for them, in order; equal ones as they came.
std::vector<Keyed> sorted(const Value* args) {
  std::vector<Keyed> all;
  for (size_t i = 0; i < args[0].size(); i++) all.push_back({args[1].at(i), args[0].at(i)});
  std::stable_sort(all.begin(), all.end(),
                   [](const Keyed& a, const Keyed& b) { return compare(a.key, b.key) < 0; });
  return all;
}

Value sort_by(Call& call, Value* args) {
  if (!sortable(call, args[0])) return {};
  Value out = Value::array();
  for (Keyed& one : sorted(args)) out.push_back(std::move(one.item));
  return out;
}

Value group_by(Call& call, Value* args) {
  if (!sortable(call, args[0])) return {};
  std::vector<Keyed> all = sorted(args);
  Value out = Value::array();
  Value group = Value::array();
  for (size_t i = 0; i < all.size(); i++) {
    group.push_back(std::move(all[i].item));
    if (i + 1 < all.size() && all[i].key == all[i + 1].key) continue;
    out.push_back(std::exchange(group, Value::array()));
  }
  return out;
}

Value unique_by(Call& call, Value* args) {
  if (!sortable(call, args[0])) return {};
  std::vector<Keyed> all = sorted(args);
  Value out = Value::array();
  for (size_t i = 0; i < all.size(); i++)
    if (i == 0 || !(all[i].key == all[i - 1].key)) out.push_back(std::move(all[i].item));
  return out;
}

Value sort(Call& call, Value* args) {
  Value both[] = {args[0], args[0]};
  return sort_by(call, both);
}

Value unique(Call& call, Value* args) {
  Value both[] = {args[0], args[0]};
  return unique_by(call, both);
}

// The first of the smallest, the last of the largest.
Value extreme(Call& call, const Value& items, const Value& keys, bool largest) {
  if (!items.is_array()) return call.fail(describe(items) + " cannot be iterated over");
  size_t best = 0;
  for (size_t i = 1; i < items.size(); i++) {
    const int order = compare(keys.at(i), keys.at(best));
    if (largest ? order >= 0 : order < 0) best = i;
  }
  return items.at(best);
}

Value min(Call& call, Value* args) {
  return extreme(call, args[0], args[0], false);
}
Value max(Call& call, Value* args) {
  return extreme(call, args[0], args[0], true);
}
Value min_by(Call& call, Value* args) {
  return extreme(call, args[0], args[1], false);
}
Value max_by(Call& call, Value* args) {
  return extreme(call, args[0], args[1], true);
}

bool iterable(Call& call, const Value& value) {
  if (value.is_array() || value.is_object()) return true;
  call.fail("Cannot iterate over " +
            (value.is_null() ? std::string("null (null)") : describe(value)));
  return false;
}

Value add_all(Call& call, Value* args) {
  if (!iterable(call, args[0])) return {};
  Value sum;
  const size_t count = args[0].size();
  for (size_t i = 0; i < count && !call.error && !call.guard.breached(); i++) {
    sum = add(call, std::move(sum), args[0].at(i));
  }
  return sum;
}

// Null and false count as nothing, numbers and booleans as their text.
Value join_part(const Value& item) {
  if (item.is_number() || item.is_bool()) return Value::string(item.dump());
  return item.is_null() ? Value::string("") : item;
}

Value join(Call& call, Value* args) {
  if (!iterable(call, args[0]) || !call.guard.spend(args[0].size() * 3)) return {};
  Value out;
  for (size_t i = 0; i < args[0].size(); i++) {
    Value before = i == 0 ? Value::string("") : add(call, std::move(out), args[1]);
    if (call.error || call.guard.breached()) return {};
    out = add(call, std::move(before), join_part(args[0].at(i)));
    if (call.error || call.guard.breached()) return {};
  }
  return out.is_null() ? Value::string("") : out;
}

// As deep as values get.
void flatten_into(const Value& items, double depth, Value& out) {
  for (size_t i = 0; i < items.size(); i++) {
    Value item = items.at(i);
    if (item.is_array() && depth != 0) {
      flatten_into(item, depth - 1, out);
    } else {
      out.push_back(std::move(item));
    }
  }
}

Value flatten(Call& call, Value* args) {
  const Value& depth = args[1];
  if (compare(depth, Value::number(0)) < 0) {
    return call.fail("flatten depth must not be negative");
  }
  if (!iterable(call, args[0])) return {};
  if (!depth.is_number()) return call.fail("flatten depth must be a number");
  Value out = Value::array();
  flatten_into(args[0], depth.as_double(), out);
  return out;
}

Value reverse(Call& call, Value* args) {
  const Value& items = args[0];
  if (items.is_bool()) return call.fail(describe(items) + " has no length");
  const bool empty = items.is_null() || (items.is_number() && items.as_double() == 0) ||
                     (items.is_object() && items.size() == 0) ||
                     (items.is_string() && items.as_string().empty());
  if (empty) return Value::array();
  if (!items.is_array()) return call.fail(cannot_index(items, Value::number(0)));
  Value out = Value::array();
  for (size_t i = items.size(); i-- > 0;) out.push_back(items.at(i));
  return out;
}

Value indices(Call& call, Value* args) {
  const Value& needle = args[1];
  if (args[0].is_array() || (args[0].is_string() && needle.is_string())) {
    return positions(call, args[0], needle);
  }
  return get(call, args[0], needle);
}

// The position of `target` in a sorted array, or the negative place where it would go, less one.
Value bsearch(Call& call, Value* args) {
  if (!args[0].is_array()) return call.fail(describe(args[0]) + " cannot be searched from");
  size_t low = 0, high = args[0].size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const int order = compare(args[0].at(middle), args[1]);
    if (order == 0) return Value::number(static_cast<double>(middle));
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Value::number(-1 - static_cast<double>(low));
}

constexpr Native table[] = {
    {"_sort_by", 1, sort_by, Cost::kWeight},
    {"_group_by", 1, group_by, Cost::kWeight},
    {"_unique_by", 1, unique_by, Cost::kWeight},
    {"_min_by", 1, min_by, Cost::kWeight},
    {"_max_by", 1, max_by, Cost::kWeight},
    {"sort", 0, sort, Cost::kWeight},
    {"unique", 0, unique, Cost::kWeight},
    {"min", 0, min, Cost::kWeight},
    {"max", 0, max, Cost::kWeight},
    {"add", 0, add_all, Cost::kSize},
    {"join", 1, join, Cost::kSize},
    {"flatten", 1, flatten, Cost::kSize},
    {"reverse", 0, reverse, Cost::kSize},
    {"indices", 1, indices, Cost::kWeight},
    {"bsearch", 1, bsearch},
};

}  // namespace

std::span<const Native> list_natives() {
  return table;
}

}  // namespace penstock::jq
