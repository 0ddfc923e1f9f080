// `penstock workflow lint FILE… [--json]`: prints everything wrong with each definition.
// Run once, from main; reads the files and writes to the standard streams.
#pragma once

namespace penstock::lint {

/// `argv[0]` is the command's own name. 0 all sound, 1 errors were found, 2 wrong usage or a file
/// that cannot be read.
int lint_command(int argc, char** argv);

}  // namespace penstock::lint
