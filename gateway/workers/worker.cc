#include "gateway/workers/worker.h"

#include <algorithm>

#include "gateway/workers/hub.h"
#include "proto/limits.h"

namespace penstock::gateway {

Worker::Worker(WorkerHub& hub, uint32_t id, bool is_local, std::shared_ptr<TlsContext> tls)
    : local(is_local), hub_(hub) {
  info.id = id;
  if (tls) tls_ = TlsSession::accept(std::move(tls));
}

void Worker::open(uv_loop_t* loop) {
  if (local) uv_pipe_init(loop, &handle_.pipe, 0);
  else uv_tcp_init(loop, &handle_.tcp);
  handle_.any.data = this;
  closed_ = false;
}

void Worker::start_reading() {
  if (!local) uv_tcp_nodelay(&handle_.tcp, 1);
  uv_read_start(stream(), &on_alloc, &on_read);
}

void Worker::on_alloc(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
  auto& shared = static_cast<Worker*>(handle->data)->hub_.read_buffer_;
  *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
}

void Worker::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  Worker& self = *static_cast<Worker*>(stream->data);
  if (size > 0) self.on_bytes({buffer->base, static_cast<size_t>(size)});
  else if (size < 0) self.hub_.on_lost(self, uv_strerror(static_cast<int>(size)));
}

void Worker::on_bytes(std::string_view bytes) {
  if (tls_) on_ciphertext(bytes);
  else on_frames(bytes);
}

void Worker::on_ciphertext(std::string_view bytes) {
  char plain[16 * 1024];
  tls_->feed(bytes);
  while (state != State::kStopped) {
    const auto size = tls_->read(plain, sizeof(plain));
    if (!size.ok()) return hub_.on_lost(*this, size.status().message());
    if (*size == 0) break;
    on_frames({plain, *size});
  }
  flush();  // the handshake's answers
}

void Worker::on_frames(std::string_view bytes) {
  reader_.feed(bytes);
  while (state != State::kStopped) {
    const auto next = reader_.next();
    if (!next.ok()) return hub_.on_lost(*this, next.status().message());
    if (!*next) return;
    if (!incoming_.ParseFromArray((*next)->data(), static_cast<int>((*next)->size())))
      return hub_.on_lost(*this, "a frame that is no Frame");
    hub_.on_frame(*this, incoming_);
  }
}

/// Moves what was said into the bytes that go over the wire.
void Worker::gather() {
  if (dirty_) {
    append_frame(outgoing_, tls_ ? framed_ : waiting_);
    outgoing_.Clear();
    dirty_ = false;
  }
  if (!tls_) return;
  if (tls_->established() && !framed_.empty() && tls_->write(framed_).ok()) framed_.clear();
  waiting_.append(tls_->output());
  tls_->output().clear();
}

void Worker::flush() {
  if (state == State::kStopped) return;
  gather();
  if (writing_ || waiting_.empty()) return;
  uv_buf_t buffer = uv_buf_init(waiting_.data(), static_cast<unsigned>(waiting_.size()));
  const int written = uv_try_write(stream(), &buffer, 1);
  if (written > 0) waiting_.erase(0, static_cast<size_t>(written));
  if (!waiting_.empty()) write_rest();
}

void Worker::write_rest() {
  std::swap(in_flight_, waiting_);
  waiting_.clear();
  uv_buf_t buffer = uv_buf_init(in_flight_.data(), static_cast<unsigned>(in_flight_.size()));
  write_request_.data = this;
  writing_ = uv_write(&write_request_, stream(), &buffer, 1, &on_written) == 0;
}

void Worker::on_written(uv_write_t* request, int status) {
  Worker& self = *static_cast<Worker*>(request->data);
  self.writing_ = false;
  if (status == 0) self.flush();
}

void Worker::stop() {
  state = State::kStopped;
  if (closed_ || uv_is_closing(&handle_.any)) return;
  uv_close(&handle_.any, [](uv_handle_t* handle) {
    static_cast<Worker*>(handle->data)->closed_ = true;
  });
}

}  // namespace penstock::gateway
