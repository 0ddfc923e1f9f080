#include "bench/load/idle_crowd.h"

#include <algorithm>

#include "bench/http/connection.h"
#include "bench/http/response_parser.h"

namespace penstock::bench {

class IdleConnection final : public Connection::Handler {
 public:
  IdleConnection(IdleCrowd& crowd, Dialer& dialer) : crowd_(crowd), connection_(dialer, *this) {}
  void open() { connection_.open(); }
  bool is_open() const { return connection_.is_open(); }

  void on_open() override { connection_.send(crowd_.request_); }
  void on_bytes(std::string_view bytes) override {
    parser_.feed(bytes);
    if (parser_.done()) crowd_.ready_++;
    if (parser_.done()) parser_.next();
  }
  void on_closed(const Status& why) override {
    crowd_.failed_++;
    crowd_.last_ = why;
  }

 private:
  IdleCrowd& crowd_;
  Connection connection_;
  ResponseParser parser_;
};

static void nothing(uv_timer_t*) {}
static void free_timer(uv_handle_t* handle) {
  delete reinterpret_cast<uv_timer_t*>(handle);
}

IdleCrowd::IdleCrowd(Dialer& dialer, size_t connections, std::string request)
    : dialer_(dialer), request_(std::move(request)), timer_(new uv_timer_t{}) {
  uv_timer_init(dialer.loop(), timer_);
  uv_timer_start(timer_, nothing, 0, 10);
  for (size_t i = 0; i < connections; i++)
    connections_.push_back(std::make_unique<IdleConnection>(*this, dialer));
}

IdleCrowd::~IdleCrowd() {
  connections_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(timer_), free_timer);
  uv_run(dialer_.loop(), UV_RUN_DEFAULT);
}

Status IdleCrowd::gather(uint64_t ms) {
  constexpr size_t kAtOnce = 256;  // a listen queue takes no more
  const uint64_t end = uv_hrtime() + ms * 1'000'000;
  size_t opened = 0;
  while (ready_ + failed_ < connections_.size() && uv_hrtime() < end) {
    for (; opened < connections_.size() && opened < ready_ + failed_ + kAtOnce; opened++)
      connections_[opened]->open();
    uv_run(dialer_.loop(), UV_RUN_ONCE);
  }
  if (ready_ == connections_.size()) return {};
  return Status::unavailable("only " + std::to_string(ready_) + " of " +
                             std::to_string(connections_.size()) + " connections got an answer" +
                             (last_.ok() ? "" : ": " + last_.message()));
}

void IdleCrowd::hold(uint64_t ms) {
  const uint64_t end = uv_hrtime() + ms * 1'000'000;
  while (uv_hrtime() < end) uv_run(dialer_.loop(), UV_RUN_ONCE);
}

size_t IdleCrowd::open() const {
  return static_cast<size_t>(
      std::count_if(connections_.begin(), connections_.end(),
                    [](const auto& connection) { return connection->is_open(); }));
}

}  // namespace penstock::bench
