// The request target (RFC 9112, section 3.2) and the host of a request, checked byte by byte.
// Pure; any thread.
#pragma once

#include <string_view>

#include "gateway/http/exchange.h"
#include "gateway/http/refusal.h"

namespace penstock::gateway {

/// A target taken apart. Views into the text that was given.
struct Target {
  std::string_view path;   ///< "/…", or "*" for OPTIONS *
  std::string_view query;  ///< behind '?', "" when none
};

/// Takes `text` apart: origin form, absolute form (http and https), or "*" for OPTIONS.
Check split_target(std::string_view text, Method method, Target& out);

/// Checks a host with an optional port, as Host and absolute targets have it.
Check check_host(std::string_view text);

}  // namespace penstock::gateway
