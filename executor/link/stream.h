// A byte stream to the gateway over a Unix socket, TCP or TLS.
//
// Lifecycle: open() once; bytes that came wait in received(); write() gathers, flush() sends all of
// it in one go; when closed() says why, drop it. Loop thread only; `loop` must outlive it.
// Limitations: what is written while the peer reads slowly waits in memory; the protocol's own
// slots bound it.
#pragma once

#include <uv.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "executor/link/endpoint.h"
#include "proto/tls.h"

namespace penstock::executor {

class LinkStream {
 public:
  /// `tls`: needed for tls:// only.
  LinkStream(uv_loop_t* loop, Endpoint endpoint, std::shared_ptr<TlsContext> tls);
  ~LinkStream();
  LinkStream(const LinkStream&) = delete;
  LinkStream& operator=(const LinkStream&) = delete;

  void open();
  /// Connected, and the TLS handshake is done: bytes may be written.
  bool ready() const { return ready_; }
  /// Why it ended; nullopt: it has not.
  const std::optional<std::string>& closed() const { return closed_; }
  /// Bytes that came; the caller empties it.
  std::string& received() { return received_; }
  void write(std::string_view bytes);
  void flush();
  /// Everything written is with the kernel.
  bool drained() const { return waiting_.empty() && in_flight_.empty(); }

 private:
  struct Handles;  // outlives this until libuv has closed them
  static void on_resolved(uv_getaddrinfo_t* request, int status, addrinfo* found);
  static void on_connected(uv_connect_t* request, int status);
  static void on_alloc(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);
  void connected(int status);
  void took(std::string_view bytes);
  void decrypt(std::string_view bytes);
  void end(std::string why);

  Endpoint endpoint_;
  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<TlsSession> tls_;
  Handles* handles_;
  std::string received_, plain_, waiting_, in_flight_;
  std::optional<std::string> closed_;
  bool ready_ = false;
};

}  // namespace penstock::executor
