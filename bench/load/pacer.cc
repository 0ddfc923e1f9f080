#include "bench/load/pacer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

namespace penstock::bench {

static void free_poll(uv_handle_t* handle) {
  delete reinterpret_cast<uv_poll_t*>(handle);
}

Status Pacer::start(uv_loop_t* loop, double rate, bool poisson, uint64_t seed, uint64_t start_ns) {
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer_ < 0) return Status::io(std::string("cannot make a timer: ") + std::strerror(errno));
  random_ = Random(seed);
  poisson_ = poisson;
  gap_ns_ = 1e9 / rate;
  start_ns_ = static_cast<double>(start_ns);
  offset_ns_ = 0;
  count_ = 0;
  poll_ = new uv_poll_t{};
  poll_->data = this;
  uv_poll_init(loop, poll_, timer_);
  uv_poll_start(poll_, UV_READABLE, on_timer);
  arm();
  return {};
}

void Pacer::stop() {
  if (!poll_) return;
  poll_->data = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(poll_), free_poll);
  poll_ = nullptr;
  ::close(timer_);
  timer_ = -1;
}

void Pacer::on_timer(uv_poll_t* poll, int, int) {
  Pacer* self = static_cast<Pacer*>(poll->data);
  if (!self) return;
  uint64_t expirations;
  if (read(self->timer_, &expirations, sizeof(expirations)) < 0 && errno == EAGAIN) return;
  self->run_due();
}

void Pacer::run_due() {
  // What falls due while the due ones are being sent waits for the next turn: answers come first.
  const auto now = static_cast<double>(uv_hrtime());
  while (running() && start_ns_ + offset_ns_ <= now) {
    const auto planned = static_cast<uint64_t>(start_ns_ + offset_ns_);
    plan_next();
    handler_.on_due(planned);
  }
  if (running()) arm();
}

void Pacer::plan_next() {
  count_++;
  // Even gaps are multiples of the gap: no rounding adds up.
  if (poisson_)
    offset_ns_ += -std::log(1 - random_.unit()) * gap_ns_;
  else
    offset_ns_ = static_cast<double>(count_) * gap_ns_;
}

void Pacer::arm() {
  const auto at = static_cast<uint64_t>(start_ns_ + offset_ns_);
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(at / 1'000'000'000);
  when.it_value.tv_nsec = static_cast<long>(at % 1'000'000'000);
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace penstock::bench
