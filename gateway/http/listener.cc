#include "gateway/http/listener.h"

#include <netdb.h>
#include <netinet/tcp.h>

namespace penstock::gateway {

static constexpr int kBacklog = 4096;
static constexpr int kKeepAliveIdleSeconds = 60;  // then probes: a peer that vanished is noticed

Listener::Listener(ListenOptions options, Handler& handler, Sink& sink)
    : options_(std::move(options)), handler_(handler), sink_(sink) {}

std::string Listener::name() const {
  if (options_.fd >= 0) return "inherited socket " + std::to_string(options_.fd);
  return options_.host + ":" + std::to_string(options_.port);
}

Status Listener::open(uv_loop_t* loop) {
  PENSTOCK_TRY(reload_tls());
  uv_tcp_init(loop, tcp_.get());
  tcp_.get()->data = this;
  PENSTOCK_TRY(bind());
  if (const int error = uv_listen(tcp_.stream(), kBacklog, on_connection)) {
    return Status::io("listening on " + name() + ": " + uv_strerror(error));
  }
  set_socket_options();
  read_port();
  return {};
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

Status Listener::bind() {
  if (options_.fd >= 0) {
    const int error = uv_tcp_open(tcp_.get(), options_.fd);
    return error ? Status::io("taking " + name() + ": " + uv_strerror(error)) : Status();
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(options_.port);
  if (const int error = getaddrinfo(options_.host.c_str(), port.c_str(), &hints, &found)) {
    return Status::invalid("listen address " + name() + ": " + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  const int error = uv_tcp_bind(tcp_.get(), addresses->ai_addr, 0);
  return error ? Status::io("binding " + name() + ": " + uv_strerror(error)) : Status();
}

/// Accepted sockets inherit these on Linux, which saves the calls for each of them.
void Listener::set_socket_options() {
  uv_tcp_nodelay(tcp_.get(), 1);
  uv_tcp_keepalive(tcp_.get(), 1, kKeepAliveIdleSeconds);
}

void Listener::read_port() {
  sockaddr_storage address{};
  int size = sizeof(address);
  uv_tcp_getsockname(tcp_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET) {
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  } else if (address.ss_family == AF_INET6) {
    port_ = ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
}

Status Listener::reload_tls() {
  if (!options_.tls) return {};
  const TlsServerOptions files{options_.tls->cert_file, options_.tls->key_file, "http/1.1"};
  auto fresh = TlsContext::server(files);
  if (!fresh.ok()) return fresh.status();
  tls_ = std::move(*fresh);
  return {};
}

void Listener::on_connection(uv_stream_t* stream, int status) {
  if (auto* self = static_cast<Listener*>(stream->data)) self->sink_.on_connection(*self, status);
}

}  // namespace penstock::gateway
