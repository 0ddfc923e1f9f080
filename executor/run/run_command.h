// `penstock workflow run FILE`: runs a workflow here, without a server.
// Run once, from main; reads the files and writes to the standard streams.
#pragma once

namespace penstock::executor {

/// `argv[0]` is the command's own name. 0 the workflow succeeded, 1 it failed, 2 wrong usage or a
/// file that cannot be read or is no workflow.
int run_command(int argc, char** argv);

}  // namespace penstock::executor
