// An outgoing HTTP request and what came of it, as plain values. No I/O.
#pragma once

#include <cstdint>
#include <string>
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
  bool follow = false;      ///< follow redirects
  uint64_t timeout_ms = 0;  ///< for the whole exchange; 0: limits::http_call_ms_max

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
  kTooLarge,        ///< the reply is larger than limits::http_reply_bytes_max
};

struct HttpReply {
  HttpFault fault = HttpFault::kNone;
  std::string message;  ///< for people, when there is a fault
  unsigned status = 0;
  HttpHeaders headers;  ///< names in lower case
  std::string body = {};
};

}  // namespace penstock::executor
