// One HTTP request to the operators' listener, and its answer. Blocks; one thread.
// Limitations: a connection per request, answers up to 64 MiB, no redirects followed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proto/status.h"

namespace penstock::gateway {

struct ApiAnswer {
  long status = 0;
  std::string content_type;
  std::string retry_after;
  std::string body;
};

struct ApiServer {
  std::string url;     ///< http(s)://HOST:PORT, no slash at the end
  std::string token;   ///< sent as a bearer token; empty: none
  std::string cacert;  ///< PEM file; empty: the system's
};

class ApiClient {
 public:
  explicit ApiClient(ApiServer server) : server_(std::move(server)) {}

  /// Fault: kUnavailable when no whole answer came; every HTTP status is an answer.
  /// `wait_ms`: how long the server may hold its answer.
  Result<ApiAnswer> get(const std::string& path, uint64_t wait_ms = 0) const;
  Result<ApiAnswer> send(const std::string& method, const std::string& path,
                         const std::string& body = {},
                         const std::string& content_type = "application/json") const;
  const ApiServer& server() const { return server_; }

 private:
  ApiServer server_;
};

/// Percent-encodes everything but RFC 3986's unreserved characters.
std::string url_encoded(std::string_view text);

}  // namespace penstock::gateway
