#include "bench/http/connection.h"

namespace penstock::bench {

struct Connection::Socket {
  uv_tcp_t tcp;
  uv_connect_t connect;
  uv_write_t write;
  std::string writing;  // what libuv has; empty: no write is under way
  Connection* owner;    // nullptr once let go

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
  static Connection* owner_of(void* handle) { return static_cast<Socket*>(handle)->owner; }
  static void free(uv_handle_t* handle) { delete static_cast<Socket*>(handle->data); }
};

static Status fault(std::string_view what, int code) {
  return Status::io(std::string(what) + ": " + uv_strerror(code));
}

void Connection::open() {
  close();
  socket_ = new Socket{};
  socket_->owner = this;
  uv_tcp_init(dialer_.loop(), &socket_->tcp);
  socket_->tcp.data = socket_->connect.data = socket_->write.data = socket_;
  const int failed =
      uv_tcp_connect(&socket_->connect, &socket_->tcp, dialer_.address(), on_connect);
  if (failed) fail(fault("cannot connect", failed));
}

void Connection::close() {
  open_ = false;
  out_.clear();
  session_.reset();
  if (!socket_) return;
  socket_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&socket_->tcp), Socket::free);
  socket_ = nullptr;
}

void Connection::fail(Status why) {
  close();
  handler_.on_closed(why);
}

void Connection::on_connect(uv_connect_t* request, int status) {
  Connection* self = Socket::owner_of(request->data);
  if (!self) return;
  if (status < 0)
    self->fail(fault("cannot connect", status));
  else
    self->connected();
}

void Connection::connected() {
  uv_tcp_nodelay(&socket_->tcp, 1);
  uv_read_start(socket_->stream(), on_alloc, on_read);
  if (!dialer_.tls()) {
    open_ = true;
    handler_.on_open();
    return;
  }
  session_ = TlsSession::connect(dialer_.tls(), dialer_.host());
  decrypt("");
}

void Connection::on_alloc(uv_handle_t* handle, size_t, uv_buf_t* out) {
  Connection* self = Socket::owner_of(handle->data);
  if (!self)
    *out = uv_buf_init(nullptr, 0);
  else
    *out = uv_buf_init(self->dialer_.read_buffer.data(),
                       static_cast<unsigned>(self->dialer_.read_buffer.size()));
}

void Connection::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  Connection* self = Socket::owner_of(stream->data);
  if (!self || size == 0) return;
  if (size < 0) {
    self->fail(size == UV_EOF ? Status::io("the server closed the connection")
                              : fault("cannot read", static_cast<int>(size)));
    return;
  }
  self->received({buffer->base, static_cast<size_t>(size)});
}

void Connection::received(std::string_view bytes) {
  bytes_in_ += bytes.size();
  if (session_)
    decrypt(bytes);
  else
    handler_.on_bytes(bytes);
}

void Connection::decrypt(std::string_view bytes) {
  session_->feed(bytes);
  const Socket* const before = socket_;
  while (socket_ == before && session_) {
    auto& plain = dialer_.plain_buffer;
    const Result<size_t> size = session_->read(plain.data(), plain.size());
    flush();
    if (socket_ != before) return;
    if (!size) return fail(size.status());
    if (!open_ && session_->established()) {
      open_ = true;
      handler_.on_open();
      if (socket_ != before) return;
    }
    if (*size == 0) break;
    handler_.on_bytes({plain.data(), *size});
  }
  if (socket_ == before && session_ && session_->peer_closed())
    fail(Status::io("the server closed the connection"));
}

void Connection::send(std::string_view bytes) {
  if (!session_) {
    size_t sent = 0;
    if (out_.empty() && socket_->writing.empty()) {
      uv_buf_t buffer =
          uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
      const int wrote = uv_try_write(socket_->stream(), &buffer, 1);
      if (wrote > 0) sent = static_cast<size_t>(wrote);
    }
    if (sent == bytes.size()) return;
    out_.append(bytes.substr(sent));
    return write_on();
  }
  // A fault here is the connection's end, which the next read tells.
  if (session_->write(bytes).ok()) flush();
}

void Connection::flush() {
  if (!session_ || session_->output().empty()) return;
  out_.append(session_->output());
  session_->output().clear();
  write_on();
}

void Connection::write_on() {
  if (!socket_->writing.empty() || out_.empty()) return;
  socket_->writing.swap(out_);
  uv_buf_t buffer =
      uv_buf_init(socket_->writing.data(), static_cast<unsigned>(socket_->writing.size()));
  uv_write(&socket_->write, socket_->stream(), &buffer, 1, on_written);
}

void Connection::on_written(uv_write_t* request, int status) {
  Connection* self = Socket::owner_of(request->data);
  if (!self) return;
  self->socket_->writing.clear();
  if (status < 0)
    self->fail(fault("cannot send", status));
  else
    self->write_on();
}

}  // namespace penstock::bench
