#include "executor/lint/meaning.h"

namespace penstock::lint {

void check_meaning(Findings& findings, const Node& root) {
  if (!root.value().is_object()) return;
  check_references(findings, root);
  check_profile(findings, root);
  check_flow(findings, root);
  check_expressions(findings, root);
}

}  // namespace penstock::lint
