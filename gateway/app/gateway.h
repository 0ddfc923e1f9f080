// The running gateway: one object that owns the loop and every part, and knows the order in which
// they start, turn and end.
//
// Lifecycle: construct, start(), run(). Everything but `wake` on the loop thread.
#pragma once

#include <uv.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "gateway/app/context.h"
#include "gateway/app/guard.h"
#include "gateway/app/jwks_cache.h"
#include "gateway/app/listeners.h"
#include "gateway/app/loop_watch.h"
#include "gateway/app/secrets.h"
#include "gateway/workers/supervisor.h"

namespace penstock::gateway {

class Gateway {
 public:
  Gateway(const Config& config, Logger& log);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Opens the data folder, starts executors and listeners.
  Status start();
  /// Serves until told to stop; the process's exit code.
  int run();

 private:
  enum class Phase : uint8_t {
    kServing,   ///< takes events
    kDraining,  ///< /readyz says 503, new events are refused, running work finishes
    kClosing,   ///< listeners are closed, the last answers leave
    kEnding,    ///< executors are told to end
    kEnded,     ///< handles are closing
  };

  Status open_store();
  Status start_workers();
  Status start_listeners();
  void start_handles();
  void turn();
  void perform_actions();
  void perform(queue::Action& action);
  void begin_drain();
  void advance_phase(uint64_t now_ms);
  void fail(const Status& fault);
  void end();
  void set_timer(uint64_t next_ms, uint64_t now_ms);
  std::string worker_socket() const;
  static void on_signal(uv_signal_t* handle, int number);

  static constexpr uint64_t drain_show_ms = 500;     // long enough for a probe of /readyz
  static constexpr uint64_t close_ms_max = 5'000;
  static constexpr uint64_t executors_end_ms_max = 3'000;
  static constexpr size_t actions_per_look = 16;     // at the clock

  const Config& config_;
  Logger& log_;
  SystemClock clock_;
  uv_loop_t loop_;
  uv_async_t wake_{};
  uv_check_t check_{};
  uv_prepare_t prepare_{};
  uv_timer_t timer_{};
  uv_signal_t signals_[3] = {};
  Health health_;
  LoopWatch watch_;
  Catalog catalog_;
  Waiters waiters_;
  Pending pending_;
  std::optional<Credentials> credentials_;
  Rejections rejections_{clock_};
  Copies copies_{clock_};
  std::optional<Receipts> receipts_;
  std::optional<Vault> vault_;
  std::optional<Secrets> secrets_;
  Guard guard_{clock_};
  std::unique_ptr<JwksCache> jwks_;
  std::unique_ptr<queue::Service> queue_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Streams> streams_;
  std::unique_ptr<WorkerHub> workers_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<SenderListener> senders_;
  std::unique_ptr<OperatorListener> operators_;
  std::deque<queue::Action> actions_;  // durable, not yet done
  Phase phase_ = Phase::kServing;
  uint64_t phase_since_ms_ = 0;
  int exit_code_ = 0;
};

}  // namespace penstock::gateway
