// The names that a definition declares in `use`. Made from a definition, read-only; the names are
// views into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// Each list is sorted.
struct Declared {
  std::vector<std::string_view> functions, errors, retries, timeouts, authentications, secrets,
      catalogs;
};

Declared declared_in(const Node& root);

/// Reports `name` where it is not among `names`, those of use.`part`.
void expect_declared(Findings& findings, const Node& node, std::string_view name,
                     const std::vector<std::string_view>& names, std::string_view part);

}  // namespace penstock::lint
