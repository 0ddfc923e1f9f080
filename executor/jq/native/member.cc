// Keys, members and containment.
#include <algorithm>
#include <vector>

#include "executor/jq/native.h"
#include "executor/jq/path.h"

namespace penstock::jq {
namespace {

using json::Kind;
using json::Value;

Value keys_of(Call& call, const Value& container, bool sorted) {
  if (!container.is_array() && !container.is_object()) {
    return call.fail(describe(container) + " has no keys");
  }
  std::vector<Value> keys;
  for (size_t i = 0; i < container.size(); i++) {
    keys.push_back(container.is_array() ? Value::number(static_cast<double>(i))
                                        : container.member(i).key);
  }
  if (sorted && container.is_object()) {
    std::sort(keys.begin(), keys.end(),
              [](const Value& a, const Value& b) { return a.as_string() < b.as_string(); });
  }
  Value out = Value::array();
  for (Value& key : keys) out.push_back(std::move(key));
  return out;
}

Value keys(Call& call, Value* args) {
  return keys_of(call, args[0], true);
}
Value keys_unsorted(Call& call, Value* args) {
  return keys_of(call, args[0], false);
}

Value has(Call& call, Value* args) {
  const Value &container = args[0], &key = args[1];
  if (container.is_null()) return Value::boolean(false);
  if (container.is_object() && key.is_string()) {
    return Value::boolean(container.find(key.as_string()).has_value());
  }
  if (container.is_array() && key.is_number()) {
    const double index = key.as_double();
    return Value::boolean(index >= 0 && index < static_cast<double>(container.size()));
  }
  return call.fail("Cannot check whether " + std::string(kind_name(container.kind())) + " has a " +
                   std::string(kind_name(key.kind())) + " key");
}

Value to_entries(Call& call, Value* args) {
  const Value names = keys_of(call, args[0], false);
  Value out = Value::array();
  for (size_t i = 0; i < names.size() && !call.error; i++) {
    Value entry = Value::object();
    entry.set("key", names.at(i));
    entry.set("value", args[0].at(i));
    out.push_back(std::move(entry));
  }
  return out;
}

// The first of several names that holds something; null when none does.
Value first_of(Call& call, const Value& entry, std::initializer_list<const char*> names) {
  Value found;
  for (const char* name : names) {
    found = get(call, entry, Value::string(name));
    if (call.error || found.truthy()) return found;
  }
  return found;
}

Value entry_key(Call& call, const Value& entry) {
  Value key = get(call, entry, Value::string("key"));
  if (call.error) return {};
  if (key.is_null()) key = first_of(call, entry, {"k", "name", "Name", "K", "Key"});
  if (key.is_string()) return key;
  if (key.is_array() || key.is_object()) {
    return call.fail("Cannot use " + describe(key) + " as object key");
  }
  return Value::string(key.dump());
}

Value from_entries(Call& call, Value* args) {
  Value out = Value::object();
  if (!args[0].is_array() && !args[0].is_object()) {
    return call.fail("Cannot iterate over " + describe(args[0]));
  }
  for (size_t i = 0; i < args[0].size(); i++) {
    const Value entry = args[0].at(i);
    const Value key = entry_key(call, entry);
    if (call.error) return {};
    const char* name = entry.find("value") ? "value" : (entry.find("v") ? "v" : "Value");
    out.set_key(key, entry.get(name));
  }
  return out;
}

bool contains_value(const Value& a, const Value& b);

bool contains_all(const Value& a, const Value& b) {
  for (size_t i = 0; i < b.size(); i++) {
    bool found = false;
    for (size_t j = 0; j < a.size() && !found; j++) found = contains_value(a.at(j), b.at(i));
    if (!found) return false;
  }
  return true;
}

bool contains_members(const Value& a, const Value& b) {
  for (size_t i = 0; i < b.size(); i++) {
    const json::Member member = b.member(i);
    const auto there = a.find(member.key.as_string());
    if (!there || !contains_value(*there, member.value)) return false;
  }
  return true;
}

// As deep as values get.
bool contains_value(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kString:
      return a.as_string().find(b.as_string()) != std::string_view::npos;
    case Kind::kArray:
      return contains_all(a, b);
    case Kind::kObject:
      return contains_members(a, b);
    default:
      return a == b;
  }
}

Value contains(Call& call, Value* args) {
  const bool booleans = args[0].is_bool() && args[1].is_bool();  // a kind each, to jq
  if (args[0].kind() != args[1].kind() || (booleans && args[0] != args[1])) {
    return call.fail(describe(args[0]) + " and " + describe(args[1]) +
                     " cannot have their containment checked");
  }
  // Arrays are compared each with each.
  const bool containers = args[0].is_array() || args[0].is_object();
  if (!call.guard.spend_on(args[0])) return {};
  if (containers && !call.guard.spend(args[0].weight() / 8 * (args[1].weight() / 8))) return {};
  return Value::boolean(contains_value(args[0], args[1]));
}

Value set_path_of(Call& call, Value* args) {
  return set_path(call, std::move(args[0]), args[1], std::move(args[2]));
}

Value delete_paths_of(Call& call, Value* args) {
  return delete_paths(call, std::move(args[0]), args[1]);
}

constexpr Native table[] = {
    {"keys", 0, keys, Cost::kSize},
    {"keys_unsorted", 0, keys_unsorted, Cost::kSize},
    {"has", 1, has},
    {"to_entries", 0, to_entries, Cost::kSize},
    {"from_entries", 0, from_entries, Cost::kSize},
    {"contains", 1, contains},
    {"setpath", 2, set_path_of},
    {"delpaths", 1, delete_paths_of},
};

}  // namespace

std::span<const Native> member_natives() {
  return table;
}

}  // namespace penstock::jq
