// Where connections go and what they share: the loop, the resolved address, the TLS context, the
// read buffers.
//
// Lifecycle: made once before the load, outlives its connections. Loop thread; make() blocks while
// the name is resolved. Limitations: one address; a name with several uses the first.
#pragma once

#include <sys/socket.h>
#include <uv.h>

#include <array>
#include <memory>
#include <string>

#include "bench/http/url.h"
#include "proto/status.h"
#include "proto/tls.h"

namespace penstock::bench {

class Dialer {
 public:
  /// `tls`: whom to trust; looked at only for https.
  static Result<std::unique_ptr<Dialer>> make(uv_loop_t* loop, const Url& url,
                                              const TlsClientOptions& tls);

  uv_loop_t* loop() const { return loop_; }
  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  /// nullptr: plain TCP.
  const std::shared_ptr<TlsContext>& tls() const { return tls_; }
  const std::string& host() const { return host_; }

  std::array<char, 256 * 1024> read_buffer;  // one for all: a read is used up before the next
  std::array<char, 32 * 1024> plain_buffer;  // of TLS

 private:
  Dialer(uv_loop_t* loop, std::string host) : loop_(loop), host_(std::move(host)) {}

  uv_loop_t* loop_;
  std::string host_;
  sockaddr_storage address_{};
  std::shared_ptr<TlsContext> tls_;
};

}  // namespace penstock::bench
