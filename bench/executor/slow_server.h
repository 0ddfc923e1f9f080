// A server that answers each request after a fixed time, for thousands of connections at once. It is
// to cost as little as a server can: a request is over at its empty line, its body must be none.
//
// Lifecycle: fork_slow_server() starts it as a process of its own that ends with its parent.
// Limitations: no pipelining, no bodies.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "proto/status.h"

namespace penstock::bench {

struct SlowServer {
  pid_t pid = 0;
  int port = 0;  ///< on 127.0.0.1
};

/// Call it before there are threads or loops. `answer`: the JSON that it gives.
Result<SlowServer> fork_slow_server(uint64_t delay_ms, const std::string& answer);

}  // namespace penstock::bench
