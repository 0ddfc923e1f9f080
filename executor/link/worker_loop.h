// An executor process at work: the loop, the stream to the gateway and the worker behind it.
//
// Lifecycle: construct, run() until it is drained or the gateway is gone. With `reconnect` a lost
// gateway is looked for again, with a pause that doubles. SIGTERM and SIGINT drain; a second one
// ends at once. One per process.
#pragma once

#include <memory>
#include <string>

#include "executor/link/endpoint.h"
#include "executor/link/stream.h"
#include "executor/link/worker.h"
#include "executor/tasks/uv_ptr.h"
#include "proto/frame.h"

namespace penstock::executor {

struct WorkerLoopOptions {
  Endpoint endpoint;
  std::string tls_ca;  ///< PEM; empty: the system's
  WorkerOptions worker;
  bool reconnect = false;  ///< for executors that nobody supervises
};

class WorkerLoop {
 public:
  explicit WorkerLoop(WorkerLoopOptions options);
  ~WorkerLoop();
  WorkerLoop(const WorkerLoop&) = delete;
  WorkerLoop& operator=(const WorkerLoop&) = delete;

  /// kUnavailable, kIo: why the gateway could not be reached or was lost before it was wanted to.
  Status run();

 private:
  static void on_prepare(uv_prepare_t* prepare);
  static void on_idle(uv_idle_t*) {}
  static void on_wake(uv_timer_t*) {}
  static void on_reconnect(uv_timer_t* timer);
  static void on_signal(uv_signal_t* signal, int number);
  void turn();
  void connect();
  Status receive();
  void send();
  void lost(const std::string& why);
  void stop(Status status);

  WorkerLoopOptions options_;
  SystemClock clock_;
  uv_loop_t loop_;
  std::shared_ptr<TlsContext> tls_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<LinkStream> stream_;
  FrameReader reader_;
  UvPtr<uv_prepare_t> prepare_;
  UvPtr<uv_idle_t> idle_;  // runs while there is more to do than to wait
  UvPtr<uv_timer_t> wake_, reconnect_;
  UvPtr<uv_signal_t> term_, interrupt_;
  uint64_t pause_ms_ = 0;
  bool greeted_ = false;
  bool stopped_ = false;
  Status status_;
};

}  // namespace penstock::executor
