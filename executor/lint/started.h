// What a workflow starts on the machine it runs on, which the operator must allow. Pure.
#pragma once

#include <string>
#include <vector>

#include "executor/lint/node.h"

namespace penstock::lint {

/// The operator's words for it, each once: shell, script, mcp (a server over stdio).
std::vector<std::string> started_by(const Node& root);

}  // namespace penstock::lint
