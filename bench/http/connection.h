// One client connection on the loop, plain or TLS: opens, sends, hands out what arrives.
//
// Lifecycle: made closed; open() may be called again after each on_closed(), also from within it.
// The handler outlives the connection. Loop thread.
// Limitations: no half-close; what could not be sent when it closes is dropped.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <string_view>

#include "bench/http/dialer.h"

namespace penstock::bench {

class Connection {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    /// Ready to send.
    virtual void on_open() = 0;
    /// Valid during the call; the handler may close the connection from within.
    virtual void on_bytes(std::string_view bytes) = 0;
    /// The peer or the network ended it; not called for our own close().
    virtual void on_closed(const Status& why) = 0;
  };

  Connection(Dialer& dialer, Handler& handler) : dialer_(dialer), handler_(handler) {}
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open();
  /// Only while is_open().
  void send(std::string_view bytes);
  void close();
  bool is_open() const { return open_; }
  uint64_t bytes_in() const { return bytes_in_; }

 private:
  struct Socket;  // on the heap until libuv has closed it
  static void on_connect(uv_connect_t* request, int status);
  static void on_alloc(uv_handle_t* handle, size_t, uv_buf_t* out);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);

  void connected();
  void received(std::string_view bytes);
  void decrypt(std::string_view bytes);
  void flush();
  void write_on();
  void fail(Status why);

  Dialer& dialer_;
  Handler& handler_;
  Socket* socket_ = nullptr;
  std::unique_ptr<TlsSession> session_;
  std::string out_;  // waits for the socket
  bool open_ = false;
  uint64_t bytes_in_ = 0;
};

}  // namespace penstock::bench
