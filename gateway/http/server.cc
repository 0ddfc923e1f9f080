#include "gateway/http/server.h"

#include <vector>

#include "gateway/http/connection_table.h"
#include "gateway/http/front_end.h"
#include "gateway/http/listener.h"

namespace penstock::gateway {
namespace {

class UvServer final : public Server, public Listener::Sink {
 public:
  UvServer(uv_loop_t* loop, const ServerLimits& limits);
  ~UvServer() override { UvServer::close(); }

  Status listen(const ListenOptions& options, Handler& handler) override;
  uint16_t bound_port(size_t listener) const override { return listeners_[listener]->port(); }
  void respond(ExchangeId exchange, Response response) override;
  void stream_begin(ExchangeId exchange, Response response) override;
  bool stream_write(ExchangeId exchange, std::string_view bytes) override;
  size_t stream_backlog(ExchangeId exchange) const override;
  void stream_end(ExchangeId exchange) override;
  void flush() override;
  Status reload_tls() override;
  void drain() override;
  bool drained() const override { return front_.draining && front_.metrics.connections_open == 0; }
  void close() override;
  ServerMetrics metrics() const override;

 private:
  static void on_turn(uv_prepare_t* handle);
  static void on_timer(uv_timer_t* handle);
  void on_connection(Listener& listener, int status) override;
  void free_closed();
  void look_at_deadlines();
  void arm_timer();

  FrontEnd front_;
  ConnectionTable connections_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  UvHandle<uv_prepare_t> turn_;
  UvHandle<uv_timer_t> timer_;
  uint64_t armed_ms_ = Deadlines::never;
};

UvServer::UvServer(uv_loop_t* loop, const ServerLimits& limits) : front_(loop, limits) {
  uv_prepare_init(loop, turn_.get());
  uv_timer_init(loop, timer_.get());
  turn_.get()->data = timer_.get()->data = this;
  uv_prepare_start(turn_.get(), on_turn);
  uv_unref(turn_.base());
  uv_unref(timer_.base());
}

Status UvServer::listen(const ListenOptions& options, Handler& handler) {
  auto listener = std::make_unique<Listener>(options, handler, *this);
  PENSTOCK_TRY(listener->open(front_.loop));
  listeners_.push_back(std::move(listener));
  return {};
}

void UvServer::on_connection(Listener& listener, int status) {
  // Out of descriptors libuv accepts and drops with one it keeps in reserve, so nothing spins, and
  // does not call here; a status below 0 is any other failure.
  const size_t open = connections_.size();
  const bool over = open >= front_.limits.connections_max;
  const bool told =
      !listener.tls() && open < front_.limits.connections_max + limits::connections_over_max;
  if (status < 0 || over) front_.metrics.connections_refused++;
  if (status < 0) return;
  Connection& connection = connections_.add(front_, listener.handler());
  if (!connection.accept(listener.stream(), listener.tls()).ok()) return connection.close();
  if (over) return told ? connection.turn_away() : connection.close();
}

void UvServer::respond(ExchangeId exchange, Response response) {
  if (Connection* found = connections_.find(exchange)) {
    found->respond(exchange.sequence, std::move(response));
  }
}

void UvServer::stream_begin(ExchangeId exchange, Response response) {
  if (Connection* found = connections_.find(exchange)) {
    found->stream_begin(exchange.sequence, std::move(response));
  }
}

bool UvServer::stream_write(ExchangeId exchange, std::string_view bytes) {
  Connection* found = connections_.find(exchange);
  return found && found->stream_write(exchange.sequence, bytes);
}

size_t UvServer::stream_backlog(ExchangeId exchange) const {
  Connection* found = connections_.find(exchange);
  return found ? found->stream_backlog(exchange.sequence) : 0;
}

void UvServer::stream_end(ExchangeId exchange) {
  if (Connection* found = connections_.find(exchange)) found->stream_end(exchange.sequence);
}

void UvServer::flush() {
  if (front_.busy) return;
  const Busy busy(front_);
  // By index: an answer may let waiting input in, whose answer makes the connection dirty again.
  for (size_t i = 0; i < front_.dirty.size(); i++) front_.dirty[i]->flush();
  front_.dirty.clear();
}

void UvServer::free_closed() {
  for (const uint32_t slot : front_.closed) connections_.erase(slot);
  front_.closed.clear();
}

/// Before the loop waits: nothing that was answered stays behind, and no connection is on the
/// stack.
void UvServer::on_turn(uv_prepare_t* handle) {
  auto* self = static_cast<UvServer*>(handle->data);
  if (!self) return;
  self->flush();
  self->free_closed();
  self->arm_timer();
  self->front_.buffers->turn.begin();
}

void UvServer::arm_timer() {
  const uint64_t next = front_.deadlines.next_ms();
  if (next >= armed_ms_ || !timer_) return;  // an early ring costs less than moving it each time
  armed_ms_ = next;
  const uint64_t now = front_.now_ms();
  uv_timer_start(timer_.get(), on_timer, next > now ? next - now : 0, 0);
}

void UvServer::on_timer(uv_timer_t* handle) {
  if (auto* self = static_cast<UvServer*>(handle->data)) self->look_at_deadlines();
}

void UvServer::look_at_deadlines() {
  armed_ms_ = Deadlines::never;
  Deadline kind = Deadline::kNone;
  while (DeadlineNode* due = front_.deadlines.take_due(front_.now_ms(), kind)) {
    static_cast<Connection*>(due)->on_deadline(kind);
  }
}

Status UvServer::reload_tls() {
  Status first;
  for (const auto& listener : listeners_) {
    const Status status = listener->reload_tls();
    if (first.ok()) first = status;
  }
  return first;
}

void UvServer::drain() {
  front_.draining = true;
  for (const auto& listener : listeners_) listener->close();
  for (uint32_t slot = 0; slot < connections_.slots(); slot++) {
    if (Connection* connection = connections_.at(slot)) connection->drain();
  }
}

void UvServer::close() {
  for (const auto& listener : listeners_) listener->close();
  for (uint32_t slot = 0; slot < connections_.slots(); slot++) {
    if (Connection* connection = connections_.at(slot)) connection->close();
  }
  turn_.reset();
  timer_.reset();
}

ServerMetrics UvServer::metrics() const {
  ServerMetrics metrics = front_.metrics;
  metrics.bytes_in = front_.bytes.in;
  metrics.bytes_out = front_.bytes.out;
  return metrics;
}

}  // namespace

std::unique_ptr<Server> Server::create(uv_loop_t* loop, ServerLimits limits) {
  return std::make_unique<UvServer>(loop, limits);
}

}  // namespace penstock::gateway
