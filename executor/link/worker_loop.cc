#include "executor/link/worker_loop.h"

#include <google/protobuf/arena.h>
#include <signal.h>

#include <algorithm>

#include "proto/limits.h"

namespace penstock::executor {

static constexpr uint64_t kPauseFirstMs = 100, kPauseMsMax = 5'000;

template <class Handle>
static UvPtr<Handle> made(uv_loop_t* loop, int (*init)(uv_loop_t*, Handle*), void* owner) {
  UvPtr<Handle> handle(new Handle);
  init(loop, handle.get());
  handle->data = owner;
  return handle;
}

WorkerLoop::WorkerLoop(WorkerLoopOptions options) : options_(std::move(options)) {
  uv_loop_init(&loop_);
  worker_ = std::make_unique<Worker>(&loop_, clock_, options_.worker);
  prepare_ = made(&loop_, &uv_prepare_init, this);
  idle_ = made(&loop_, &uv_idle_init, this);
  wake_ = made(&loop_, &uv_timer_init, this);
  reconnect_ = made(&loop_, &uv_timer_init, this);
  term_ = made(&loop_, &uv_signal_init, this);
  interrupt_ = made(&loop_, &uv_signal_init, this);
}

WorkerLoop::~WorkerLoop() {
  stream_.reset();
  worker_.reset();
  prepare_.reset();
  idle_.reset();
  wake_.reset();
  reconnect_.reset();
  term_.reset();
  interrupt_.reset();
  uv_run(&loop_, UV_RUN_DEFAULT);  // lets the closed handles go
  uv_loop_close(&loop_);
}

Status WorkerLoop::run() {
  if (options_.endpoint.kind == Endpoint::Kind::kTls) {
    auto context = TlsContext::client({options_.tls_ca, true});
    if (!context) return context.status();
    tls_ = std::move(*context);
  }
  signal(SIGPIPE, SIG_IGN);
  uv_signal_start(term_.get(), &WorkerLoop::on_signal, SIGTERM);
  uv_signal_start(interrupt_.get(), &WorkerLoop::on_signal, SIGINT);
  uv_timer_start(wake_.get(), &WorkerLoop::on_wake, limits::heartbeat_ms, limits::heartbeat_ms);
  uv_prepare_start(prepare_.get(), &WorkerLoop::on_prepare);
  connect();
  while (!stopped_) uv_run(&loop_, UV_RUN_ONCE);
  return status_;
}

void WorkerLoop::connect() {
  reader_ = FrameReader();
  greeted_ = false;
  stream_ = std::make_unique<LinkStream>(&loop_, options_.endpoint, tls_);
  stream_->open();
}

void WorkerLoop::on_reconnect(uv_timer_t* timer) {
  static_cast<WorkerLoop*>(timer->data)->connect();
}

void WorkerLoop::on_signal(uv_signal_t* signal, int) {
  auto* self = static_cast<WorkerLoop*>(signal->data);
  if (self->worker_->draining()) return self->stop(Status::unavailable("ended by a second signal"));
  self->worker_->drain();
}

void WorkerLoop::on_prepare(uv_prepare_t* prepare) {
  static_cast<WorkerLoop*>(prepare->data)->turn();
}

// Once a loop turn, right before it waits: all that came in is known, all that goes out goes now.
void WorkerLoop::turn() {
  if (stopped_) return;
  if (stream_ && stream_->ready() && !greeted_) {
    std::string bytes;
    append_frame(worker_->hello(), bytes);
    stream_->write(bytes);
    greeted_ = true;
  }
  if (stream_) {
    if (Status status = receive(); !status) return stop(status);
  }
  const bool more = worker_->turn();
  if (greeted_) send();
  if (more) {
    uv_idle_start(idle_.get(), &WorkerLoop::on_idle);
  } else {
    uv_idle_stop(idle_.get());
  }
  if (worker_->done() && (!stream_ || stream_->drained())) return stop(Status());
  if (stream_ && stream_->closed()) lost(*stream_->closed());
}

Status WorkerLoop::receive() {
  if (stream_->received().empty()) return Status();
  reader_.feed(std::exchange(stream_->received(), {}));
  google::protobuf::Arena arena;
  for (;;) {
    Result<std::optional<std::string_view>> bytes = reader_.next();
    if (!bytes) return bytes.status();
    if (!*bytes) return Status();
    auto* frame = google::protobuf::Arena::CreateMessage<worker::Frame>(&arena);
    if (!frame->ParseFromArray((*bytes)->data(), static_cast<int>((*bytes)->size()))) {
      return Status::corrupt("the gateway sent something that is no frame");
    }
    PENSTOCK_TRY(worker_->on_frame(*frame));
    pause_ms_ = 0;
  }
}

void WorkerLoop::send() {
  std::string bytes;
  while (std::optional<worker::Frame> frame = worker_->take_frame()) append_frame(*frame, bytes);
  if (!bytes.empty()) stream_->write(bytes);
  stream_->flush();
}

void WorkerLoop::lost(const std::string& why) {
  if (!options_.reconnect || worker_->draining()) {
    return stop(Status::io("the gateway is gone: " + why));
  }
  worker_->reset();
  stream_.reset();
  greeted_ = false;
  pause_ms_ = std::clamp(pause_ms_ * 2, kPauseFirstMs, kPauseMsMax);
  uv_timer_start(reconnect_.get(), &WorkerLoop::on_reconnect, pause_ms_, 0);
}

void WorkerLoop::stop(Status status) {
  if (stopped_) return;
  stopped_ = true;
  status_ = std::move(status);
  uv_stop(&loop_);
  uv_idle_start(idle_.get(), &WorkerLoop::on_idle);  // so that the loop does not wait once more
}

}  // namespace penstock::executor
