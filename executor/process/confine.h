// The other side of a started process: this program, called anew, confines itself and then becomes
// what the workflow wants run. Nothing of the executor goes along: no descriptor, no environment.
//
// What is left to it: its folder, programs and libraries to read, memory, time, processes and file
// sizes as in proto/limits.h; with the network switched on, connections. Not: other files, other
// processes, sockets, mounts, namespaces, tracing, more rights than it began with.
// Limitations: Linux on x86-64 or arm64; without Landlock in the kernel only root can confine (by
// giving up being root), and others refuse. What it writes is bounded a file, not in sum.
#pragma once

namespace penstock::executor {

/// Whom root becomes.
inline constexpr unsigned kNobody = 65534;

/// argv: run-confined, FOLDER, `network` or `offline`, PROGRAM, its arguments. Does not return when
/// all goes well; else 126, with the reason on stderr.
int run_confined(int argc, char** argv);

}  // namespace penstock::executor
