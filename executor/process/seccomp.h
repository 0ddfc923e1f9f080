// The system calls that a started process and all it starts may no longer make. Called once, last
// thing before exec.
#pragma once

#include "proto/status.h"

namespace penstock::executor {

/// `network`: sockets of the internet's families stay possible.
Status confine_calls(bool network);

}  // namespace penstock::executor
