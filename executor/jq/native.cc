#include "executor/jq/native.h"

#include <array>

namespace penstock::jq {
namespace {

std::array<std::span<const Native>, 7> tables() {
  return {list_natives(),  math_natives(), member_natives(), misc_natives(),
          regex_natives(), text_natives(), time_natives()};
}

}  // namespace

const Native* find_native(std::string_view name, size_t arity) {
  for (const std::span<const Native> table : tables())
    for (const Native& one : table)
      if (one.name == name && one.arity == arity) return &one;
  return nullptr;
}

std::vector<std::string> native_names() {
  std::vector<std::string> names;
  for (const std::span<const Native> table : tables())
    for (const Native& one : table)
      if (one.name[0] != '_') {
        names.push_back(std::string(one.name) + "/" + std::to_string(one.arity));
      }
  return names;
}

}  // namespace penstock::jq
