#include "executor/lint/meaning.h"

namespace penstock::lint {

void check_meaning(Findings&, const Node&) {}

}  // namespace penstock::lint
