#include "executor/lint/declared.h"

#include <algorithm>

#include "executor/lint/shape.h"
#include "executor/lint/suggestion.h"

namespace penstock::lint {
namespace {

std::vector<std::string_view> keys_of(const json::Value& object) {
  std::vector<std::string_view> keys;
  for (size_t i = 0; object.is_object() && i < object.size(); i++) {
    keys.push_back(object.member(i).key.as_string());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<std::string_view> texts_of(const json::Value& list) {
  std::vector<std::string_view> texts;
  for (size_t i = 0; list.is_array() && i < list.size(); i++) {
    texts.push_back(list.at(i).as_string());
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

Declared declared_in(const Node& root) {
  const json::Value use = root.value().get("use");
  return {keys_of(use.get("functions")),       keys_of(use.get("errors")),
          keys_of(use.get("retries")),         keys_of(use.get("timeouts")),
          keys_of(use.get("authentications")), texts_of(use.get("secrets")),
          keys_of(use.get("catalogs"))};
}

void expect_declared(Findings& findings, const Node& node, std::string_view name,
                     const std::vector<std::string_view>& names, std::string_view part) {
  if (findings.full() || std::binary_search(names.begin(), names.end(), name)) return;
  const std::string_view meant = suggest(name, names);
  const std::string list(part);
  std::string hint = "declare it in use." + list;
  if (!meant.empty()) hint = "did you mean " + quoted(meant) + "?";
  findings.error(code::kReference, node, At::kValue, quoted(name) + " is not in use." + list,
                 std::move(hint));
}

}  // namespace penstock::lint
