// What a schema cannot see: whether the names that a definition uses are there, whether its
// expressions are jq, and whether this runtime can run it. Walks what is well-formed and leaves the
// rest to rules.h, so that one mistake is told once. No state, any thread.
#pragma once

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// All of the above.
void check_meaning(Findings& findings, const Node& root);

}  // namespace penstock::lint
