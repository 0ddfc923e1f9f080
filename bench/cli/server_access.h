// What the operator's side of a Penstock tells before and after a load: its bounds and its sums.
// Blocks; not during a load.
#pragma once

#include <string>

#include "bench/verify/conservation.h"
#include "proto/tls.h"

namespace penstock::bench {

struct ServerAccess {
  std::string url;  ///< of the operators' listener; "": nothing is asked
  std::string token;
  std::string token_file;  ///< read when there is no token
  TlsClientOptions tls;

  bool given() const { return !url.empty(); }
  Result<ServerCounts> stats() const;
  Result<std::string> limits() const;

 private:
  Result<std::string> get(const std::string& path) const;
};

}  // namespace penstock::bench
