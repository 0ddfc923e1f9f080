// An outgoing HTTP request and what came of it, as plain values. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::executor {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// What the client adds for authentication beside the headers.
struct HttpCredentials {
  enum class Kind : uint8_t { kNone, kBasic, kDigest };
  Kind kind = Kind::kNone;
  std::string username, password;

  bool operator==(const HttpCredentials&) const = default;
};

struct HttpRequest {
  std::string method = {};  ///< upper case
  std::string url = {};     ///< absolute, http or https
  HttpHeaders headers = {};
  std::string body = {};
  HttpCredentials credentials = {};
  bool follow = false;         ///< follow redirects
  uint64_t timeout_ms = 0;     ///< for the whole exchange; 0: limits::http_call_ms_max
  bool stream = false;         ///< an event stream is handed on as it comes, not gathered
  bool http2 = false;          ///< HTTP/2 also in clear, without asking first: gRPC
  size_t reply_bytes_max = 0;  ///< 0: limits::http_reply_bytes_max
  std::string lane = {};       ///< whose limits it goes under (call_lanes.h); empty: nobody's

  bool operator==(const HttpRequest&) const = default;
};

/// Why there is no reply.
enum class HttpFault : uint8_t {
  kNone,
  kBadRequest,  ///< the URL or a header is not valid
  kConnect,     ///< no name, no route, refused, broken off
  kTls,         ///< the other side's certificate or handshake
  kTimeout,
  kAddressRefused,  ///< the address is not public and not allowed
  kTooLarge,        ///< the reply is larger than it may be
};

struct HttpReply {
  HttpFault fault = HttpFault::kNone;
  std::string message;  ///< for people, when there is a fault
  unsigned status = 0;
  HttpHeaders headers;  ///< names in lower case
  std::string body = {};

  /// The first header field of this name, given in lower case; empty: none.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace penstock::executor
