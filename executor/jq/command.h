// `penstock jq`: tries an expression at the command line.
#pragma once

namespace penstock::jq {

/// The command's own arguments, argv[0] being "jq". Returns the exit code: 0 done, 1 the expression
/// or its input failed, 2 wrong usage.
int jq_command(int argc, char** argv);

/// What a Sandbox starts as its process ("jq-sandbox"); of no use to people.
int sandbox_command(int argc, char** argv);

}  // namespace penstock::jq
