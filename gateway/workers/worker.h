// One connected executor: its socket, what is to be sent, and what it has been told.
//
// Owned by the hub; ends by stop(), after which the hub drops it once closed() is true (libuv frees
// handles in the close callback). Loop thread only.
#pragma once

#include <uv.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proto/frame.h"
#include "proto/tls.h"
#include "proto/worker.pb.h"

namespace penstock::gateway {

class WorkerHub;

/// For people.
struct WorkerInfo {
  uint32_t id = 0;
  std::string name, version, remote;
  uint32_t pid = 0, slots = 0, running = 0;
  uint64_t rss_bytes = 0, connected_at_ms = 0, finished = 0;
  bool draining = false;
};

class Worker {
 public:
  enum class State : uint8_t {
    kGreeting,  ///< connected, no Hello yet
    kServing,   ///< takes runs
    kStopped,   ///< its end was told; the handle is closing
  };

  /// `tls`: null for plain text.
  Worker(WorkerHub& hub, uint32_t id, bool local, std::shared_ptr<TlsContext> tls);

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle_); }
  /// Makes the handle; TCP when not local.
  void open(uv_loop_t* loop);
  void start_reading();
  /// The frame that leaves with the next flush().
  worker::Frame& outgoing() {
    dirty_ = true;
    return outgoing_;
  }
  void flush();
  void stop();
  bool closed() const { return closed_; }
  /// Nobody reads what is sent to it: on this machine, or under TLS.
  bool is_private() const { return local || tls_ != nullptr; }

  // What the hub keeps of it.
  WorkerInfo info;
  State state = State::kGreeting;
  bool local;
  std::string required_token;  ///< what its Hello must show; empty: nothing
  uint64_t heard_at_ms = 0;
  std::set<std::pair<std::string, uint32_t>> definitions;  ///< sent already

 private:
  union Handle {
    uv_handle_t any;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
  };
  static void on_alloc(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  static void on_written(uv_write_t* request, int status);
  void on_bytes(std::string_view bytes);
  void on_ciphertext(std::string_view bytes);
  void on_frames(std::string_view bytes);
  void gather();
  void write_rest();

  WorkerHub& hub_;
  Handle handle_;
  bool closed_ = true;      // no handle yet
  bool dirty_ = false;
  bool writing_ = false;
  worker::Frame outgoing_, incoming_;
  FrameReader reader_;
  std::unique_ptr<TlsSession> tls_;
  std::string framed_;      // not yet encrypted
  std::string waiting_;     // as it goes over the wire, not yet given to libuv
  std::string in_flight_;   // libuv has it until on_written
  uv_write_t write_request_;
};

}  // namespace penstock::gateway
