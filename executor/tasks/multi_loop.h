// libcurl's multi interface on a libuv loop: libcurl says which sockets and timer it waits for, the
// loop tells it when they are ready. Knows nothing of requests. For each request libcurl looks through
// all connections to the same host: so its owner has several of these, and fills them one by one.
//
// Lifecycle: add() a configured easy handle, take_done() after each loop turn; remove() before the
// handle is cleaned up, also when done. Loop thread only.
// Limitations: libcurl resolves names on a thread per name; HttpClient keeps these few.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "executor/tasks/uv_ptr.h"

namespace penstock::executor {

class MultiLoop {
 public:
  /// `loop` must outlive this.
  explicit MultiLoop(uv_loop_t* loop);
  ~MultiLoop();
  MultiLoop(const MultiLoop&) = delete;
  MultiLoop& operator=(const MultiLoop&) = delete;

  static constexpr size_t kTransfersMax = 256;

  void add(CURL* easy);
  void remove(CURL* easy);
  bool is_full() const { return transfers_ >= kTransfersMax; }
  /// It has had no transfers for so long.
  uint64_t idle_ms() const { return transfers_ ? 0 : uv_now(loop_) - used_ms_; }

  struct Done {
    CURL* easy;
    CURLcode code;
  };
  /// The transfers that ended since the last call. Until it is called, what libcurl did keeps the
  /// loop from waiting: the owner must get its turn first.
  std::vector<Done> take_done();

 private:
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* poll);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  static void on_poll(uv_poll_t* poll, int status, int events);
  static void on_timeout(uv_timer_t* timer);
  void watch(curl_socket_t socket, int what);
  void act(curl_socket_t socket, int events);

  uv_loop_t* loop_;
  CURLM* multi_;
  size_t transfers_ = 0;
  uint64_t used_ms_;
  UvPtr<uv_timer_t> timer_;
  UvPtr<uv_idle_t> acted_;
  std::unordered_map<curl_socket_t, UvPtr<uv_poll_t>> polls_;
};

}  // namespace penstock::executor
