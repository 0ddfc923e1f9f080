// Constants of a program, computed while it is parsed: -1, [1,2], {"a":1}. Also the mistakes that
// constants show at once.
#pragma once

#include "executor/jq/tree.h"
#include "proto/status.h"

namespace penstock::jq {

/// Turns `node` into a literal where its children are literals and that cannot fail. Fault
/// kInvalid: it could only fail.
Status fold(Node& node);

}  // namespace penstock::jq
