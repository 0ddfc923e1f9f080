// An http(s) URL taken apart as far as a load generator needs it. A value, any thread.
// Limitations: no user info; a fragment is dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::bench {

struct Url {
  bool tls = false;
  std::string host;  ///< without the brackets of an IPv6 address
  uint16_t port = 80;
  std::string target = "/";  ///< path and query

  /// What goes into the Host header: the port only where it is not the scheme's own.
  std::string authority() const;
  /// scheme://authority, without the target.
  std::string origin() const;
  static Result<Url> parse(std::string_view text);
};

}  // namespace penstock::bench
