// Gives up everything a process does not need to compute: files, network, other processes, memory
// and time without bound. For good: what is given up does not come back.
#pragma once

#include "proto/status.h"

namespace penstock::jq {

/// Confines this process: resource limits, no new privileges, and system calls cut down to memory,
/// time and what is open already. Linux on x86-64 and arm64.
Status confine();

}  // namespace penstock::jq
