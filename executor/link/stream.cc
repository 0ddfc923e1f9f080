#include "executor/link/stream.h"

#include <netinet/tcp.h>

#include <array>

namespace penstock::executor {

// libuv's own, so that they can outlive the stream until their close callback.
struct LinkStream::Handles {
  LinkStream* owner;
  union {
    uv_handle_t any;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
  };
  uv_connect_t connect;
  uv_getaddrinfo_t resolve;
  uv_write_t write;
  std::array<char, 64 * 1024> buffer;
  bool resolving = false;
  bool closing = false;

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&any); }
};

LinkStream::LinkStream(uv_loop_t* loop, Endpoint endpoint, std::shared_ptr<TlsContext> tls)
    : endpoint_(std::move(endpoint)), context_(std::move(tls)), handles_(new Handles) {
  handles_->owner = this;
  if (endpoint_.kind == Endpoint::Kind::kUnix) {
    uv_pipe_init(loop, &handles_->pipe, 0);
  } else {
    uv_tcp_init(loop, &handles_->tcp);
  }
  handles_->any.data = handles_;
  handles_->connect.data = handles_->resolve.data = handles_->write.data = handles_;
}

LinkStream::~LinkStream() {
  handles_->owner = nullptr;
  handles_->closing = true;
  if (handles_->resolving) {
    uv_cancel(reinterpret_cast<uv_req_t*>(&handles_->resolve));
    return;  // on_resolved closes
  }
  uv_close(&handles_->any, [](uv_handle_t* handle) { delete static_cast<Handles*>(handle->data); });
}

void LinkStream::open() {
  if (endpoint_.kind == Endpoint::Kind::kUnix) {
    uv_pipe_connect(&handles_->connect, &handles_->pipe, endpoint_.path.c_str(), &on_connected);
    return;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  handles_->resolving = true;
  const int error = uv_getaddrinfo(handles_->any.loop, &handles_->resolve, &on_resolved,
                                   endpoint_.host.c_str(), endpoint_.port.c_str(), &hints);
  if (error == 0) return;
  handles_->resolving = false;
  end(uv_strerror(error));
}

void LinkStream::on_resolved(uv_getaddrinfo_t* request, int status, addrinfo* found) {
  auto* handles = static_cast<Handles*>(request->data);
  handles->resolving = false;
  if (handles->closing) {
    uv_close(&handles->any,
             [](uv_handle_t* handle) { delete static_cast<Handles*>(handle->data); });
  } else if (status != 0) {
    handles->owner->end(uv_strerror(status));
  } else {
    const int error =
        uv_tcp_connect(&handles->connect, &handles->tcp, found->ai_addr, &on_connected);
    if (error != 0) handles->owner->end(uv_strerror(error));
  }
  uv_freeaddrinfo(found);
}

void LinkStream::on_connected(uv_connect_t* request, int status) {
  auto* handles = static_cast<Handles*>(request->data);
  if (handles->owner) handles->owner->connected(status);
}

void LinkStream::connected(int status) {
  if (status != 0) return end(uv_strerror(status));
  if (endpoint_.kind != Endpoint::Kind::kUnix) uv_tcp_nodelay(&handles_->tcp, 1);
  uv_read_start(handles_->stream(), &on_alloc, &on_read);
  if (endpoint_.kind != Endpoint::Kind::kTls) {
    ready_ = true;
    return;
  }
  tls_ = TlsSession::connect(context_, endpoint_.host);
  decrypt("");
  flush();
}

void LinkStream::on_alloc(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
  auto* handles = static_cast<Handles*>(handle->data);
  *buffer = uv_buf_init(handles->buffer.data(), handles->buffer.size());
}

void LinkStream::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto* handles = static_cast<Handles*>(stream->data);
  if (!handles->owner || size == 0) return;
  if (size < 0)
    return handles->owner->end(size == UV_EOF ? "the gateway closed it"
                                              : uv_strerror(static_cast<int>(size)));
  handles->owner->took({buffer->base, static_cast<size_t>(size)});
}

void LinkStream::took(std::string_view bytes) {
  if (tls_) {
    decrypt(bytes);
  } else {
    received_.append(bytes);
  }
}

void LinkStream::decrypt(std::string_view bytes) {
  std::array<char, 16 * 1024> plain;
  tls_->feed(bytes);
  for (;;) {
    Result<size_t> got = tls_->read(plain.data(), plain.size());
    if (!got) return end(got.status().message());
    if (*got == 0) break;
    received_.append(plain.data(), *got);
  }
  ready_ = tls_->established();
  if (tls_->peer_closed()) end("the gateway closed it");
  flush();
}

void LinkStream::write(std::string_view bytes) {
  (tls_ ? plain_ : waiting_).append(bytes);
}

void LinkStream::flush() {
  if (closed_ || uv_is_closing(&handles_->any)) return;
  if (tls_) {
    if (ready_ && !plain_.empty()) {
      if (Status status = tls_->write(plain_); !status) return end(status.message());
      plain_.clear();
    }
    waiting_ += std::exchange(tls_->output(), {});
  }
  if (waiting_.empty() || !in_flight_.empty()) return;
  uv_buf_t buffer = uv_buf_init(waiting_.data(), static_cast<unsigned>(waiting_.size()));
  const int sent = uv_try_write(handles_->stream(), &buffer, 1);
  if (sent < 0 && sent != UV_EAGAIN) return end(uv_strerror(sent));
  if (sent > 0) waiting_.erase(0, static_cast<size_t>(sent));
  if (waiting_.empty()) return;
  in_flight_.swap(waiting_);
  buffer = uv_buf_init(in_flight_.data(), static_cast<unsigned>(in_flight_.size()));
  uv_write(&handles_->write, handles_->stream(), &buffer, 1, &on_written);
}

void LinkStream::on_written(uv_write_t* request, int status) {
  auto* handles = static_cast<Handles*>(request->data);
  if (!handles->owner) return;
  handles->owner->in_flight_.clear();
  if (status != 0) return handles->owner->end(uv_strerror(status));
  handles->owner->flush();
}

void LinkStream::end(std::string why) {
  if (!closed_) closed_ = std::move(why);
  ready_ = false;
}

}  // namespace penstock::executor
