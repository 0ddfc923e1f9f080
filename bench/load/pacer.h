// The clock of an open load: says when the next event is due, whether or not the server keeps up.
// Its plan is fixed at the start, so a slow server delays no arrival and hides no waiting time.
//
// Lifecycle: start(), then the handler is called at each planned time until stop(). Loop thread; a
// timerfd, because libuv's timers know only milliseconds.
#pragma once

#include <uv.h>

#include <cstdint>

#include "bench/load/random.h"
#include "proto/status.h"

namespace penstock::bench {

class Pacer {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    virtual void on_due(uint64_t planned_ns) = 0;
  };

  explicit Pacer(Handler& handler) : handler_(handler), random_(1) {}
  ~Pacer() { stop(); }
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  /// `rate` events a second from `start_ns` on; poisson: random gaps with that mean.
  Status start(uv_loop_t* loop, double rate, bool poisson, uint64_t seed, uint64_t start_ns);
  void stop();
  bool running() const { return poll_ != nullptr; }

 private:
  static void on_timer(uv_poll_t* poll, int status, int events);
  void run_due();
  void plan_next();
  void arm();

  Handler& handler_;
  Random random_;
  uv_poll_t* poll_ = nullptr;
  int timer_ = -1;
  bool poisson_ = false;
  double gap_ns_ = 0;
  double start_ns_ = 0;
  double offset_ns_ = 0;  // of the next event, from the start
  uint64_t count_ = 0;
};

}  // namespace penstock::bench
