#include "bench/http/dialer.h"

#include <netdb.h>

#include <cstring>

namespace penstock::bench {

static Status resolve(const Url& url, sockaddr_storage& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (failed) return Status::not_found("cannot find \"" + url.host + "\": " + gai_strerror(failed));
  std::memcpy(&address, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return {};
}

Result<std::unique_ptr<Dialer>> Dialer::make(uv_loop_t* loop, const Url& url,
                                             const TlsClientOptions& tls) {
  std::unique_ptr<Dialer> dialer(new Dialer(loop, url.host));
  PENSTOCK_TRY(resolve(url, dialer->address_));
  if (url.tls) {
    auto context = TlsContext::client(tls);
    if (!context) return context.status();
    dialer->tls_ = *std::move(context);
  }
  return dialer;
}

}  // namespace penstock::bench
