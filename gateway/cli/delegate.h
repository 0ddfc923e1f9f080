// Commands that penstock-executor does: it lies beside this program and takes over the process.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/console.h"

namespace penstock::gateway {

/// The path of a program that lies beside this one.
std::string program_beside(const std::string& name);

/// Replaces this process by penstock-executor with these arguments; returns only when that fails.
int delegate_to_executor(const Console& console, const std::vector<std::string>& arguments);

/// When the line is one of the executor's commands (jq, workflow lint|new|run): the arguments it
/// gets, all of them untouched; empty: the line is ours.
std::vector<std::string> executor_arguments(int argc, const char* const* argv);

}  // namespace penstock::gateway
