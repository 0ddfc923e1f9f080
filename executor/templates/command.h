// `penstock workflow new --template NAME [--name NAME] [--output FILE]`, `… new --list [--json]`.
// Run once, from main; writes to standard output or to the file named.
#pragma once

namespace penstock::templates {

/// `argv[0]` is the command's own name. 0 done, 1 the file could not be written, 2 wrong usage.
int new_command(int argc, char** argv);

}  // namespace penstock::templates
