// Where the gateway listens for executors: unix:PATH, tcp://HOST:PORT or tls://HOST:PORT.
#pragma once

#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::executor {

struct Endpoint {
  enum class Kind : uint8_t { kUnix, kTcp, kTls };
  Kind kind = Kind::kUnix;
  std::string path;  ///< of the Unix socket
  std::string host, port;

  static Result<Endpoint> parse(std::string_view text);
};

}  // namespace penstock::executor
