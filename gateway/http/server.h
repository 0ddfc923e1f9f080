// The HTTP/1.1 front end on one libuv loop: listeners, connections, TLS, parsing, limits, writing.
//
// Lifecycle: construct on a loop, listen() one or more times, run the loop, drain() to stop taking
// connections and close idle ones, close() at the end. Everything on the loop thread.
//
// A client that ends its side (FIN) may still read, so it is answered; only a reset or a failed
// write counts as gone. Handlers that want to stop work earlier are told by on_half_closed().
//
// The program must ignore SIGPIPE: libuv writes to sockets whose reader has gone.
//
// Limitations: HTTP/1.1 (and 1.0 without keep-alive) only; no upgrade (an offer of h2c is passed
// over, any other refused), no trailers handed on. TRACE and CONNECT are 501 for every resource.
#pragma once

#include <uv.h>

#include <cstdint>
#include <memory>
#include <string>

#include "gateway/http/exchange.h"
#include "proto/limits.h"
#include "proto/status.h"

namespace penstock::gateway {

struct ServerLimits {
  size_t head_bytes_max = limits::head_bytes_max;
  size_t header_fields_max = limits::header_fields_max;
  size_t target_bytes_max = limits::target_bytes_max;
  uint64_t head_ms_max = limits::head_ms_max;
  uint64_t body_floor_bytes_per_s = limits::body_floor_bytes_per_s;
  uint64_t body_grace_ms = limits::body_grace_ms;
  uint64_t keep_alive_ms_max = limits::keep_alive_ms_max;
  size_t connections_max = limits::connections_max;
  size_t pipelined_requests_max = limits::pipelined_requests_max;
  uint64_t write_stall_ms_max = limits::write_stall_ms_max;
  size_t write_backlog_bytes_max = limits::write_backlog_bytes_max;
  uint64_t linger_ms_max = limits::linger_ms_max;
  size_t linger_bytes_max = limits::linger_bytes_max;
  size_t partial_bytes_max = limits::partial_bytes_max;
};

/// A listener's certificate. Reloaded by reload_tls(); the old one stays on error.
struct TlsFiles {
  std::string cert_file;  ///< PEM, chain included
  std::string key_file;
};

struct ListenOptions {
  std::string host;
  uint16_t port = 0;  ///< 0: any; bound_port() tells
  std::optional<TlsFiles> tls = {};
  int fd = -1;  ///< an inherited listening socket instead of host and port
};

struct ServerMetrics {
  uint64_t connections_open = 0, connections_total = 0, connections_refused = 0;
  uint64_t requests_total = 0, bad_requests_total = 0, bytes_in = 0, bytes_out = 0;
  uint64_t responses_by_class[6] = {};  ///< 1xx … 5xx at 1 … 5
};

class Server {
 public:
  virtual ~Server() = default;
  static std::unique_ptr<Server> create(uv_loop_t* loop, ServerLimits limits);

  /// Starts a listener; `handler` must outlive the server. Fault: kIo with the address in it.
  virtual Status listen(const ListenOptions& options, Handler& handler) = 0;
  /// The port of the n-th listener.
  virtual uint16_t bound_port(size_t listener) const = 0;

  /// Answers an exchange; a client that is gone, or a second answer, is ignored.
  /// Answers leave in the order of the requests, gathered into one write per turn.
  virtual void respond(ExchangeId exchange, Response response) = 0;

  /// Starts an answer of unknown length (chunked): head now, then stream_write(), stream_end().
  /// `response.body` is the first piece.
  virtual void stream_begin(ExchangeId exchange, Response response) = 0;
  /// False: the client is gone. Bytes beyond limits::write_backlog_bytes_max are still kept; ask
  /// stream_backlog() and slow down.
  virtual bool stream_write(ExchangeId exchange, std::string_view bytes) = 0;
  virtual size_t stream_backlog(ExchangeId exchange) const = 0;
  virtual void stream_end(ExchangeId exchange) = 0;

  /// Writes what was answered in this turn. Call it once a turn, after the application's work. What
  /// is left is written before the loop next waits. May call on_request() for pipelined requests
  /// that waited, and on_gone(); called from inside a Handler it does nothing.
  virtual void flush() = 0;
  virtual Status reload_tls() = 0;
  /// Listeners close, idle connections close, each answer carries Connection: close.
  virtual void drain() = 0;
  virtual bool drained() const = 0;
  /// Closes everything at once; run the loop until it returns to free the handles.
  virtual void close() = 0;
  virtual ServerMetrics metrics() const = 0;
};

}  // namespace penstock::gateway
