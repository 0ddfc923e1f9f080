#include "gateway/http/transport.h"

#include <sys/socket.h>

#include <array>

namespace penstock::gateway {

/// Output that the kernel did not take at once.
struct Transport::Rest {
  uv_write_t request{};
  Transport* owner = nullptr;  ///< nullptr: the socket is closed
  WriteQueue queue;
};

Transport::Transport(ReadBuffers& buffers, ByteCounts& counts, Sink& sink)
    : buffers_(buffers), counts_(counts), sink_(sink) {}

Status Transport::accept(uv_stream_t* listener, std::shared_ptr<TlsContext> tls) {
  uv_tcp_init(listener->loop, tcp_.get());
  if (const int error = uv_accept(listener, tcp_.stream())) {
    close();
    return Status::io(uv_strerror(error));
  }
  tcp_.get()->data = this;
  if (tls) {
    tls_ = std::make_unique<Tls>();
    tls_->session = TlsSession::accept(std::move(tls));
  }
  read(true);
  return {};
}

void Transport::read(bool on) {
  if (closed() || on == reading_) return;
  reading_ = on;
  if (on) {
    uv_read_start(tcp_.stream(), on_alloc, on_read);
  } else {
    uv_read_stop(tcp_.stream());
  }
}

void Transport::on_alloc(uv_handle_t* handle, size_t, uv_buf_t* out) {
  ReadBuffers& buffers = static_cast<Transport*>(handle->data)->buffers_;
  const bool later = buffers.turn.over();
  *out = later ? uv_buf_init(nullptr, 0) : uv_buf_init(buffers.socket, sizeof(buffers.socket));
}

void Transport::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
  if (auto* self = static_cast<Transport*>(stream->data)) self->take(size);
}

void Transport::take(ssize_t size) {
  if (size == 0 || size == UV_ENOBUFS) return;  // nothing there, or not in this turn
  if (size == UV_EOF) return sink_.on_end();
  if (size < 0) return sink_.on_broken();
  counts_.in += static_cast<uint64_t>(size);
  const std::string_view bytes(buffers_.socket, static_cast<size_t>(size));
  if (tls_) {
    decrypt(bytes);
  } else {
    sink_.on_bytes(bytes);
  }
}

void Transport::decrypt(std::string_view bytes) {
  tls_->session->feed(bytes);
  for (;;) {
    const Result<size_t> size = tls_->session->read(buffers_.plain, sizeof(buffers_.plain));
    if (size.ok() && *size > 0) {
      sink_.on_bytes({buffers_.plain, *size});
      if (closed()) return;
      continue;
    }
    const bool sent = tls_->session->output().empty() || flush();  // handshake and alerts
    if (!size.ok() || !sent) return sink_.on_broken();
    if (tls_->session->peer_closed()) sink_.on_end();
    return;
  }
}

bool Transport::encrypt() {
  TlsSession& session = *tls_->session;
  while (session.established() && !out_.empty()) {
    const std::string_view piece = out_.front();
    if (!session.write(piece).ok()) return false;
    out_.consume(piece.size());
  }
  tls_->cipher.append(std::move(session.output()));
  session.output() = std::string();
  return true;
}

bool Transport::flush() {
  if (closed()) return false;
  if (waiting()) return true;
  if (!tls_) return write(out_);
  return encrypt() && write(tls_->cipher);
}

bool Transport::write(WriteQueue& queue) {
  while (!queue.empty()) {
    std::array<uv_buf_t, 16> buffers;
    const size_t count = queue.buffers(buffers.data(), buffers.size());
    const int written = uv_try_write(tcp_.stream(), buffers.data(), static_cast<unsigned>(count));
    if (written == UV_EAGAIN) return write_rest(queue);
    if (written < 0) return false;
    counts_.out += static_cast<uint64_t>(written);
    queue.consume(static_cast<size_t>(written));
  }
  return true;
}

bool Transport::write_rest(WriteQueue& queue) {
  rest_ = new Rest;
  rest_->owner = this;
  rest_->request.data = rest_;
  std::swap(rest_->queue, queue);
  std::vector<uv_buf_t> buffers(rest_->queue.pieces());
  rest_->queue.buffers(buffers.data(), buffers.size());
  const int error = uv_write(&rest_->request, tcp_.stream(), buffers.data(),
                             static_cast<unsigned>(buffers.size()), on_rest);
  if (!error) return true;
  delete std::exchange(rest_, nullptr);
  return false;
}

void Transport::on_rest(uv_write_t* request, int status) {
  const std::unique_ptr<Rest> rest(static_cast<Rest*>(request->data));
  Transport* self = rest->owner;
  if (!self) return;
  self->rest_ = nullptr;
  if (status < 0) return self->sink_.on_broken();
  self->counts_.out += rest->queue.size();
  self->sink_.on_written();
}

size_t Transport::backlog() const {
  size_t bytes = out_.size() + (tls_ ? tls_->cipher.size() : 0);
  if (!closed()) bytes += uv_stream_get_write_queue_size(tcp_.stream());
  return bytes;
}

void Transport::shut_down() {
  if (closed()) return;
  if (tls_) {
    tls_->session->shutdown();
    flush();
  }
  uv_os_fd_t fd = -1;
  if (uv_fileno(tcp_.base(), &fd) == 0) ::shutdown(fd, SHUT_WR);
}

void Transport::close() {
  if (rest_) rest_->owner = nullptr;
  rest_ = nullptr;
  reading_ = false;
  tcp_.reset();
  tls_.reset();
  out_ = WriteQueue();
}

static std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    uv_ip4_name(reinterpret_cast<const sockaddr_in*>(&address), text, sizeof(text));
  } else if (address.ss_family == AF_INET6) {
    uv_ip6_name(reinterpret_cast<const sockaddr_in6*>(&address), text, sizeof(text));
  }
  const std::string_view name(text);
  // A dual-stack listener sees IPv4 peers mapped; rules and logs want them as they are.
  const bool mapped = name.starts_with("::ffff:") && name.find('.') != name.npos;
  return std::string(mapped ? name.substr(7) : name);
}

std::string_view Transport::remote() {
  if (remote_.empty() && !closed()) {
    sockaddr_storage address{};
    int size = sizeof(address);
    uv_tcp_getpeername(tcp_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    remote_ = address_text(address);
  }
  return remote_;
}

}  // namespace penstock::gateway
