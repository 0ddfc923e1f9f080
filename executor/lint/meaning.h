// What a schema cannot see: whether the names that a definition uses are there, whether its
// expressions are jq, and whether this runtime can run it. Walks what is well-formed and leaves the
// rest to rules.h, so that one mistake is told once. No state, any thread.
#pragma once

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// All of the below.
void check_meaning(Findings& findings, const Node& root);

/// `then` leads to a task of its own list, and names tell tasks apart. (flow_rules.cc)
void check_flow(Findings& findings, const Node& root);
/// Functions, errors, retries, timeouts, authentications, secrets and catalogs that are named are
/// declared in `use`. (reference_rules.cc)
void check_references(Findings& findings, const Node& root);
/// Nothing is asked for that this runtime refuses. (profile_rules.cc)
void check_profile(Findings& findings, const Node& root);
/// Expressions compile, and what looks like one is one. (expression_rules.cc)
void check_expressions(Findings& findings, const Node& root);

}  // namespace penstock::lint
