#include "gateway/app/gateway.h"

#include "gateway/app/flow_keys.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace penstock::gateway {

Gateway::Gateway(const Config& config, Logger& log) : config_(config), log_(log) {
  uv_loop_init(&loop_);
  uv_loop_configure(&loop_, UV_METRICS_IDLE_TIME);
  uv_async_init(&loop_, &wake_, [](uv_async_t*) {});  // the check handle does the work
  uv_unref(reinterpret_cast<uv_handle_t*>(&wake_));   // it outlives all the others
  health_.started_at_ms = clock_.wall_ms();
}

Gateway::~Gateway() {
  if (phase_ != Phase::kEnded) end();
  uv_run(&loop_, UV_RUN_DEFAULT);
  // The queue's threads call wake(), so they end before its handle closes.
  queue_.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

Status Gateway::open_store() {
  if (mkdir(config_.data.c_str(), 0700) != 0 && errno != EEXIST)
    return Status::io("cannot create the data folder " + config_.data + ": " + strerror(errno));
  auto credentials = Credentials::open(config_.data);
  if (!credentials.ok()) return credentials.status();
  credentials_ = std::move(*credentials);
  auto receipts = Receipts::open(config_.data);
  if (!receipts.ok()) return receipts.status();
  receipts_ = std::move(*receipts);
  auto vault = Vault::open(config_.data);
  if (!vault.ok()) return vault.status();
  vault_ = std::move(*vault);
  secrets_.emplace(*vault_);
  queue::ServiceOptions options;
  if (!config_.memory_queue()) options.data_dir = config_.data;
  options.queue_events_max = config_.queue_events_max;
  options.attempts_max = static_cast<uint32_t>(config_.attempts_max);
  options.event_retention_ms = config_.event_retention_ms;
  options.result_retention_ms = config_.result_retention_ms;
  options.accept_loss = config_.accept_loss;
  auto opened = queue::Service::open(options, clock_, [this] { uv_async_send(&wake_); });
  if (!opened.ok()) return opened.status();
  queue_ = std::move(*opened);
  auto definitions = queue_->definitions();
  if (!definitions.ok()) return definitions.status();
  PENSTOCK_TRY(secrets_->load(*definitions));
  PENSTOCK_TRY(catalog_.load(*definitions));
  for (const TriggerPtr& trigger : catalog_.triggers())
    queue_->set_flow(trigger->name(), flow_limits(*trigger));
  return Status();
}

Status Gateway::start() {
  PENSTOCK_TRY(open_store());
  ServerLimits limits;
  limits.connections_max = config_.connections_max;
  server_ = Server::create(&loop_, limits);
  workers_ = std::make_unique<WorkerHub>(&loop_, catalog_, clock_, log_);
  workers_->attach(*queue_);
  streams_ = std::make_unique<Streams>(*queue_, *server_, pending_, clock_, log_);
  auto secrets = secrets_->opened();
  if (!secrets.ok()) return secrets.status();
  workers_->set_secrets(*std::move(secrets));
  jwks_ = std::make_unique<JwksCache>(&loop_, config_, clock_, log_);
  context_ = std::unique_ptr<Context>(new Context{config_, clock_, log_, *queue_, *server_,
                                                  *workers_, catalog_, *credentials_, waiters_,
                                                  *streams_, pending_, health_, rejections_, copies_,
                                                  *receipts_, *vault_, *secrets_, guard_, *jwks_});
  parts_ = std::make_unique<Parts>(*context_);
  context_->bus = &parts_->bus;
  auto stored = queue_->definitions();
  if (!stored.ok()) return stored.status();
  parts_->bus.load(*stored);
  parts_->replays.load(*stored);
  workers_->on_emit([this](uint32_t worker, worker::Emit& emit) { parts_->bus.emit(worker, emit); });
  senders_ = std::make_unique<SenderListener>(*context_, *parts_);
  operators_ = std::make_unique<OperatorListener>(*context_, *parts_);
  PENSTOCK_TRY(start_listeners());
  PENSTOCK_TRY(start_workers());
  start_handles();
  return Status();
}

void Gateway::start_handles() {
  uv_check_init(&loop_, &check_);
  uv_prepare_init(&loop_, &prepare_);
  uv_timer_init(&loop_, &timer_);
  check_.data = prepare_.data = timer_.data = this;
  uv_check_start(&check_, [](uv_check_t* h) { static_cast<Gateway*>(h->data)->turn(); });
  uv_prepare_start(&prepare_, [](uv_prepare_t* h) {
    Gateway& self = *static_cast<Gateway*>(h->data);
    self.watch_.before_poll(&self.loop_, self.health_);
  });
  const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
  for (size_t i = 0; i < std::size(numbers); i++) {
    uv_signal_init(&loop_, &signals_[i]);
    signals_[i].data = this;
    uv_signal_start(&signals_[i], &on_signal, numbers[i]);
  }
  set_timer(0, 0);
}

void Gateway::on_signal(uv_signal_t* handle, int number) {
  Gateway& self = *static_cast<Gateway*>(handle->data);
  if (number == SIGHUP) {
    const Status reloaded = self.server_->reload_tls();
    if (reloaded.ok()) self.log_.info("certificates reloaded");
    else self.log_.error("certificates not reloaded; the old ones stay",
                         {{"why", reloaded.message()}});
    return;
  }
  if (self.phase_ == Phase::kServing) return self.begin_drain();
  self.log_.warn("second signal: ending at once");
  self.exit_code_ = 1;
  self.supervisor_->kill_all();
  self.end();
}

void Gateway::set_timer(uint64_t next_ms, uint64_t now_ms) {
  const uint64_t in_ms = next_ms > now_ms ? next_ms - now_ms : 0;
  // libuv's own clock stands since the poll began; one turn too early costs nothing.
  uv_timer_start(&timer_, [](uv_timer_t* h) { static_cast<Gateway*>(h->data)->turn(); },
                 std::min<uint64_t>(in_ms, 1'000), 0);
}

void Gateway::turn() {
  if (phase_ == Phase::kEnded) return;
  const uint64_t bus_ms = parts_->bus.turn();  // ahead: what it starts is in this turn's commit
  auto next = queue_->turn();
  if (!next.ok()) return fail(next.status());
  perform_actions();
  std::vector<queue::ReadDone> reads = queue_->take_reads();
  for (queue::ReadDone& done : reads) pending_.run(done);
  const uint64_t now = clock_.monotonic_ms();
  uint64_t wake_ms =
      std::min({*next, bus_ms, parts_->runs.turn(now), streams_->turn(now),
                parts_->replays.turn(now), workers_->turn(), supervisor_->turn()});
  // What the reads led to is to be committed; what was left over is to be done.
  if (!reads.empty() || !actions_.empty()) wake_ms = now;
  health_.executor_restarts = supervisor_->restarts();
  health_.executors_crash_looping = supervisor_->is_crash_looping();
  workers_->flush();
  server_->flush();
  if (phase_ != Phase::kServing) {
    advance_phase(now);
    wake_ms = std::min(wake_ms, now + 20);
  }
  if (phase_ != Phase::kEnded) set_timer(wake_ms, now);
}

// A commit may let hundreds of answers and dispatches go at once. They leave in order, and in
// several turns when they are many, so that nobody's bytes wait in the sockets meanwhile.
void Gateway::perform_actions() {
  for (queue::Action& action : queue_->take_actions()) actions_.push_back(std::move(action));
  const uint64_t start_ns = uv_hrtime();
  for (size_t done = 1; !actions_.empty(); done++) {
    perform(actions_.front());
    actions_.pop_front();
    const bool look = done % actions_per_look == 0 && phase_ == Phase::kServing;
    if (look && uv_hrtime() - start_ns > limits::act_turn_us * 1000) return;
  }
}

void Gateway::perform(queue::Action& action) {
  if (auto* accepted = std::get_if<queue::Accepted>(&action)) {
    if (!parts_->hooks.on_accepted(*accepted)) pending_.run(*accepted);
  } else if (auto* copy = std::get_if<queue::Duplicate>(&action)) {
    if (!parts_->hooks.on_duplicate(*copy)) pending_.run(queue::Accepted{copy->cookie, copy->first});
  } else if (auto* dispatch = std::get_if<queue::Dispatch>(&action)) {
    streams_->on_status(dispatch->event->id, records::RUNNING);
    workers_->dispatch(*dispatch);
  } else if (auto* stored = std::get_if<queue::JournalStored>(&action)) {
    workers_->stored(*stored);
  } else if (auto* cancel = std::get_if<queue::CancelRun>(&action)) {
    workers_->cancel(*cancel);
  } else if (auto* ended = std::get_if<queue::Ended>(&action)) {
    parts_->runs.on_ended(*ended);
    parts_->hooks.on_ended(ended->id);
    streams_->on_ended(*ended);
    parts_->bus.on_ended(ended->id);
  } else if (auto* piece = std::get_if<queue::PieceStored>(&action)) {
    streams_->on_piece(*piece);
    if (piece->piece->type() == "reply") parts_->runs.on_reply(*piece);
  } else if (auto* waits = std::get_if<queue::Waits>(&action)) {
    streams_->on_status(waits->id, records::WAITING);
  } else if (auto* heard = std::get_if<queue::Heard>(&action)) {
    workers_->heard(*heard);
  } else if (auto* emitted = std::get_if<queue::Emitted>(&action)) {
    workers_->emitted(*emitted);
  } else if (auto* signalled = std::get_if<queue::Signalled>(&action)) {
    parts_->signals.on_signalled(*signalled);
  } else if (auto* defined = std::get_if<queue::Defined>(&action)) {
    pending_.run(*defined);
  } else if (auto* answered = std::get_if<queue::CancelAnswered>(&action)) {
    pending_.run(*answered);
  }
}

void Gateway::begin_drain() {
  log_.info("draining", {{"running", queue_->counters().running},
                         {"drain_ms", config_.drain_ms}});
  phase_ = Phase::kDraining;
  phase_since_ms_ = clock_.monotonic_ms();
  health_.draining = true;
  queue_->drain();
  supervisor_->expect_ends();
  workers_->drain();
  parts_->runs.release_unstarted();
}

void Gateway::advance_phase(uint64_t now) {
  const uint64_t spent = now - phase_since_ms_;
  const Phase before = phase_;
  if (phase_ == Phase::kDraining) {
    const bool finished = queue_->counters().running == 0 && waiters_.size() == 0 &&
                          streams_->size() == 0;
    if (spent >= config_.drain_ms || (finished && spent >= drain_show_ms)) {
      parts_->runs.release_all();
      server_->drain();
      phase_ = Phase::kClosing;
    }
  } else if (phase_ == Phase::kClosing) {
    if (spent >= close_ms_max || (server_->drained() && queue_->flushed())) {
      supervisor_->stop();
      phase_ = Phase::kEnding;
    }
  } else if (phase_ == Phase::kEnding) {
    if (spent >= executors_end_ms_max) supervisor_->kill_all();
    if (supervisor_->all_ended() && queue_->flushed()) {
      log_.info("drained", {{"queued", queue_->counters().queued}});
      end();
    }
  }
  if (phase_ != before) phase_since_ms_ = now;
}

void Gateway::fail(const Status& fault) {
  // What the failed commit would have acknowledged is never answered: the process ends.
  log_.error("the store failed; nothing is acknowledged any more",
             {{"why", fault.message()}});
  exit_code_ = 1;
  if (supervisor_) supervisor_->kill_all();
  end();
}

void Gateway::end() {
  phase_ = Phase::kEnded;
  if (server_) server_->close();
  if (jwks_) jwks_->close();
  if (workers_) workers_->close();
  const auto close = [](uv_handle_t* handle) {
    if (handle->loop && !uv_is_closing(handle)) uv_close(handle, nullptr);
  };
  close(reinterpret_cast<uv_handle_t*>(&check_));
  close(reinterpret_cast<uv_handle_t*>(&prepare_));
  close(reinterpret_cast<uv_handle_t*>(&timer_));
  for (uv_signal_t& signal : signals_) close(reinterpret_cast<uv_handle_t*>(&signal));
}

int Gateway::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  return exit_code_;
}

}  // namespace penstock::gateway
