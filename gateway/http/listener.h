// One listening socket: where it is bound, whom its requests go to, which certificate it shows.
//
// Lifecycle: open(), then accept() from its callback until destroyed. Thread: the loop's.
// Limitations: names are resolved once, blocking, at the start.
#pragma once

#include <uv.h>

#include <memory>
#include <string>

#include "gateway/http/server.h"
#include "gateway/http/uv_handle.h"
#include "proto/tls.h"

namespace penstock::gateway {

class Listener {
 public:
  /// Who is told of connections that wait to be accepted.
  class Sink {
   public:
    /// `status` below 0: libuv could not accept (and has dropped the connection).
    virtual void on_connection(Listener& listener, int status) = 0;

   protected:
    ~Sink() = default;
  };

  Listener(ListenOptions options, Handler& handler, Sink& sink);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds and listens. Fault: kIo or kInvalid with the address or the file in it.
  Status open(uv_loop_t* loop);
  /// Reads the certificate again for new connections; on a fault the old one stays.
  Status reload_tls();
  void close() { tcp_.reset(); }

  Handler& handler() const { return handler_; }
  uv_stream_t* stream() const { return tcp_.stream(); }
  const std::shared_ptr<TlsContext>& tls() const { return tls_; }
  uint16_t port() const { return port_; }

 private:
  static void on_connection(uv_stream_t* stream, int status);
  Status bind();
  void set_socket_options();
  void read_port();
  std::string name() const;

  ListenOptions options_;
  Handler& handler_;
  Sink& sink_;
  UvHandle<uv_tcp_t> tcp_;
  std::shared_ptr<TlsContext> tls_;
  uint16_t port_ = 0;
};

}  // namespace penstock::gateway
