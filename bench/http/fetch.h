// One request, waited for: for what is asked before and after a load (limits, counters, the end of
// a run), never during it. Blocks; any thread. libcurl stays in fetch.cc.
#pragma once

#include <string>
#include <vector>

#include "proto/status.h"
#include "proto/tls.h"

namespace penstock::bench {

struct FetchRequest {
  std::string url;
  std::vector<std::string> headers;
  TlsClientOptions tls;
  uint64_t timeout_ms = 10'000;
};

struct FetchAnswer {
  long status = 0;
  std::string body;
};

/// Fault: no answer came. An answer of any status is a value.
Result<FetchAnswer> fetch(const FetchRequest& request);

}  // namespace penstock::bench
