// One accepted socket with TLS or without: bytes in, bytes out, nothing of HTTP. Reads go through
// buffers that all connections of a loop share; writes are tried at once and only the rest waits.
//
// Lifecycle: accept(), then read and flush until close(); the object may outlive its socket.
// Thread: the loop's.
// Limitations: while a rest waits to be written, further output queues behind it.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/uv_handle.h"
#include "gateway/http/write_queue.h"
#include "proto/limits.h"
#include "proto/tls.h"

namespace penstock::gateway {

/// Bounds how long one turn of the loop reads: with hundreds of sockets ready at once the answers,
/// timers and other work would wait for the last of them. What is not read stays with the kernel,
/// and the next turn finds it.
class ReadTurn {
 public:
  /// Call it once a turn, before the loop polls.
  void begin() { reads_ = 0, over_ = false; }
  /// Whether this turn has read for long enough; asked before each read.
  bool over() {
    if (reads_++ == 0) start_ns_ = uv_hrtime();
    else if (reads_ % kReadsPerLook == 0 && !over_)
      over_ = uv_hrtime() - start_ns_ > limits::read_turn_us * 1000;
    return over_;
  }

 private:
  static constexpr uint32_t kReadsPerLook = 8;
  uint64_t start_ns_ = 0;
  uint32_t reads_ = 0;
  bool over_ = false;
};

/// What the connections of a loop share, so that an idle one needs no buffer.
struct ReadBuffers {
  ReadTurn turn;
  char socket[limits::read_buffer_bytes];
  char plain[limits::read_buffer_bytes];  ///< decrypted
};

struct ByteCounts {
  uint64_t in = 0;
  uint64_t out = 0;
};

class Transport {
 public:
  /// Who is told what happens on the socket. Any of these may close the transport.
  class Sink {
   public:
    virtual void on_bytes(std::string_view bytes) = 0;
    virtual void on_end() = 0;      ///< the peer writes no more; it may still read
    virtual void on_broken() = 0;   ///< the peer is gone, or broke TLS
    virtual void on_written() = 0;  ///< a rest that waited is out

   protected:
    ~Sink() = default;
  };

  Transport(ReadBuffers& buffers, ByteCounts& counts, Sink& sink);
  ~Transport() { close(); }
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Takes the next connection of a listener; `tls`: nullptr for none.
  Status accept(uv_stream_t* listener, std::shared_ptr<TlsContext> tls);
  /// Starts or stops reading.
  void read(bool on);
  /// Bytes to be sent by the next flush().
  WriteQueue& out() { return out_; }
  /// Writes what it can. False: the peer is gone.
  bool flush();
  /// Whether a rest waits for the peer to read.
  bool waiting() const { return rest_ != nullptr; }
  /// Bytes that are not with the kernel yet.
  size_t backlog() const;
  /// Ends our side behind what was flushed (TLS: close_notify first).
  void shut_down();
  /// Closes the socket at once.
  void close();

  bool closed() const { return !tcp_; }
  bool tls() const { return tls_ != nullptr; }
  /// The peer's address without port, read once.
  std::string_view remote();

 private:
  struct Rest;
  struct Tls {
    std::unique_ptr<TlsSession> session;
    WriteQueue cipher;
  };

  static void on_alloc(uv_handle_t* handle, size_t, uv_buf_t* out);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  static void on_rest(uv_write_t* request, int status);
  void take(ssize_t size);
  void decrypt(std::string_view bytes);
  bool encrypt();
  bool write(WriteQueue& queue);
  bool write_rest(WriteQueue& queue);

  ReadBuffers& buffers_;
  ByteCounts& counts_;
  Sink& sink_;
  UvHandle<uv_tcp_t> tcp_;
  std::unique_ptr<Tls> tls_;
  WriteQueue out_;
  Rest* rest_ = nullptr;  ///< freed in its callback
  bool reading_ = false;
  std::string remote_;
};

}  // namespace penstock::gateway
