#include "executor/jq/path.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "executor/jq/slice.h"
#include "executor/json/utf8.h"
#include "proto/limits.h"

namespace penstock::jq {
namespace {

using json::Kind;
using json::Value;

// The element that a number means; nullopt: none, not even a place for one.
std::optional<size_t> element(const Value& key, size_t size) {
  double index = key.as_double();
  if (index != std::floor(index)) return std::nullopt;
  if (index < 0) index += static_cast<double>(size);
  if (!(index >= 0 && index < 4e9)) return std::nullopt;
  return static_cast<size_t>(index);
}

Value set_element(Call& call, Value array, const Value& key, Value value) {
  if (array.is_null()) array = Value::array();
  double index = std::trunc(key.as_double());
  if (std::isnan(index)) index = 0;
  if (index < 0) index += static_cast<double>(array.size());
  if (index < 0) return call.fail("Out of bounds negative array index");
  if (index >= static_cast<double>(array.size())) {
    const double bytes = std::min((index + 1) * sizeof(Value), 1e18);
    if (!call.guard.room_for(static_cast<uint64_t>(bytes))) return {};
    if (!call.guard.spend(static_cast<uint64_t>(bytes) / 1024)) return {};
  }
  array.set_at(static_cast<size_t>(index), std::move(value));
  return array;
}

Value set_slice(Call& call, Value array, const Value& key, const Value& value) {
  if (array.is_null()) array = Value::array();
  const auto range = slice_range(key, array.size());
  if (!range) return call.fail(std::string(slice_error));
  if (!value.is_array()) {
    return call.fail("A slice of an array can only be assigned another array");
  }
  if (!call.guard.spend((array.size() + value.size()) / 8)) return {};
  Value out = Value::array();
  for (size_t i = 0; i < range->begin; i++) out.push_back(array.at(i));
  for (size_t i = 0; i < value.size(); i++) out.push_back(value.at(i));
  for (size_t i = range->end; i < array.size(); i++) out.push_back(array.at(i));
  return out;
}

bool check_path(Call& call, const Value& path) {
  if (!path.is_array()) {
    call.fail("Path must be specified as an array");
  } else if (path.size() > limits::json_depth_max) {
    call.fail("Path is longer than " + std::to_string(limits::json_depth_max));
  }
  return !call.error;
}

// Takes the part at `key` out of `container`, so that it can be changed in place.
Value take_part(Call& call, Value& container, const Value& key) {
  if (!container.sole() && !call.guard.spend(container.size() / 2)) return {};
  if (container.is_object() && key.is_string()) return container.take(key.as_string());
  if (container.is_array() && key.is_number()) {
    const auto at = element(key, container.size());
    if (at) return container.take_at(*at);
  }
  return get(call, container, key);
}

// As deep as the path is long, which check_path bounds.
Value set_from(Call& call, Value root, const Value& path, size_t step, Value value) {
  if (step == path.size()) return value;
  const Value key = path.at(step);
  Value part = take_part(call, root, key);
  if (call.error) return {};
  part = set_from(call, std::move(part), path, step + 1, std::move(value));
  if (call.error) return {};
  return set(call, std::move(root), key, std::move(part));
}

// The elements that go, by numbers and slices that all refer to the array as it is now.
std::vector<bool> doomed(Call& call, const Value& array, const std::vector<Value>& keys) {
  std::vector<bool> gone(array.size());
  for (const Value& key : keys) {
    if (key.is_number()) {
      const auto at = element(Value::number(std::trunc(key.as_double())), array.size());
      if (at && *at < gone.size()) gone[*at] = true;
    } else if (key.is_object()) {
      const auto range = slice_range(key, array.size());
      if (!range) call.fail(std::string(slice_error));
      for (size_t i = range ? range->begin : 0; range && i < range->end; i++) gone[i] = true;
    } else {
      call.fail("Cannot delete " + std::string(json::kind_name(key.kind())) + " element of array");
    }
  }
  return gone;
}

Value delete_elements(Call& call, const Value& array, const std::vector<Value>& keys) {
  const std::vector<bool> gone = doomed(call, array, keys);
  if (call.error || !call.guard.spend(array.size())) return {};
  Value out = Value::array();
  for (size_t i = 0; i < gone.size(); i++)
    if (!gone[i]) out.push_back(array.at(i));
  return out;
}

Value delete_members(Call& call, Value object, const std::vector<Value>& keys) {
  for (const Value& key : keys) {
    if (!key.is_string()) {
      return call.fail("Cannot delete " + std::string(json::kind_name(key.kind())) +
                       " field of object");
    }
    object.erase(key.as_string());
    if (!call.guard.spend(1 + object.size() / 2)) return {};
  }
  return object;
}

Value delete_keys(Call& call, Value container, const std::vector<Value>& keys) {
  if (keys.empty() || container.is_null()) return container;
  if (container.is_array()) return delete_elements(call, container, keys);
  if (container.is_object()) return delete_members(call, std::move(container), keys);
  return call.fail("Cannot delete fields from " + std::string(json::kind_name(container.kind())));
}

using Paths = std::vector<Value>;

// `paths` is sorted, so those that share their first `step` keys stand together.
Value delete_from(Call& call, Value root, Paths::const_iterator begin, Paths::const_iterator end,
                  size_t step) {
  std::vector<Value> keys;
  for (auto at = begin; at != end && !call.error;) {
    const Value key = at->at(step);
    const bool last = at->size() == step + 1;
    auto next = at;
    while (next != end && next->at(step) == key) ++next;
    if (last) {
      keys.push_back(key);
    } else {
      Value part = get(call, root, key);
      if (call.error) return {};
      if (!part.is_null()) {
        part = delete_from(call, std::move(part), at, next, step + 1);
        if (!call.error) root = set(call, std::move(root), key, std::move(part));
      }
    }
    at = next;
  }
  if (call.error) return {};
  return delete_keys(call, std::move(root), keys);
}

}  // namespace

Value get(Call& call, const Value& container, const Value& key) {
  const Kind kind = container.kind();
  if (kind == Kind::kObject && key.is_string()) return container.get(key.as_string());
  if (kind == Kind::kArray && key.is_number()) {
    const auto at = element(key, container.size());
    return at ? container.at(*at) : Value();
  }
  if (kind == Kind::kArray && key.is_array()) return positions(call, container, key);
  if (kind == Kind::kNull && (key.is_string() || key.is_number() || key.is_object())) return {};
  if (key.is_object() && (kind == Kind::kArray || kind == Kind::kString)) {
    return slice(call, container, key);
  }
  return call.fail(cannot_index(container, key));
}

Value set(Call& call, Value container, const Value& key, Value value) {
  const bool null = container.is_null();
  if (key.is_string() && (null || container.is_object())) {
    if (null) container = Value::object();
    if (!container.sole() && !call.guard.spend(container.size())) return {};
    container.set_key(key, std::move(value));
    return container;
  }
  if (key.is_number() && (null || container.is_array())) {
    if (!container.sole() && !call.guard.spend(container.size() / 8)) return {};
    return set_element(call, std::move(container), key, std::move(value));
  }
  if (key.is_object() && (null || container.is_array())) {
    return set_slice(call, std::move(container), key, value);
  }
  if (key.is_object() && !container.is_object()) {
    return call.fail("Cannot update field at object index of " +
                     std::string(json::kind_name(container.kind())));
  }
  return call.fail(cannot_index(container, key));
}

Value get_path(Call& call, const Value& root, const Value& path) {
  if (!check_path(call, path)) return {};
  Value at = root;
  for (size_t i = 0; i < path.size() && !call.error; i++) {
    at = get(call, at, path.at(i));
  }
  return at;
}

Value set_path(Call& call, Value root, const Value& path, Value value) {
  // Each step takes a part out, puts it back and may look its key up in a table.
  if (!check_path(call, path) || !call.guard.spend(4 * path.size())) return {};
  return set_from(call, std::move(root), path, 0, std::move(value));
}

Value take_path(Call& call, Value& root, const Value& path) {
  if (!check_path(call, path)) return {};
  if (path.size() == 0) return std::exchange(root, Value());
  std::vector<Value> above;
  Value at = std::move(root);
  for (size_t i = 0; i < path.size() && !call.error; i++) {
    above.push_back(std::move(at));
    at = take_part(call, above.back(), path.at(i));
  }
  // Everything goes back together, but for what was taken.
  Value part;
  for (size_t i = above.size(); i-- > 0 && !call.error;) {
    if (i + 1 < above.size()) part = std::move(above[i + 1]);
    if (i + 1 < above.size() && !part.is_null()) {
      above[i] = set(call, std::move(above[i]), path.at(i), std::move(part));
    }
  }
  root = std::move(above[0]);
  return at;
}

Value delete_paths(Call& call, Value root, const Value& paths) {
  if (!paths.is_array()) return call.fail("Paths must be specified as an array");
  Paths sorted;
  for (size_t i = 0; i < paths.size(); i++) {
    sorted.push_back(paths.at(i));
    if (!sorted.back().is_array()) {
      return call.fail("Path must be specified as array, not " +
                       std::string(json::kind_name(sorted.back().kind())));
    }
    if (!check_path(call, sorted.back())) return {};
  }
  if (!call.guard.spend_on(paths)) return {};
  std::sort(sorted.begin(), sorted.end(),
            [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  if (!sorted.empty() && sorted[0].size() == 0) return {};
  return delete_from(call, std::move(root), sorted.cbegin(), sorted.cend(), 0);
}

}  // namespace penstock::jq
