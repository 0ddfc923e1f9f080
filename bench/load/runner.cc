#include "bench/load/runner.h"

#include <signal.h>

#include <algorithm>

namespace penstock::bench {

static constexpr uint64_t kTickMs = 10;
static constexpr uint64_t kMs = 1'000'000;
static constexpr size_t kOpensPerTick = 256;   // so that a listen queue is not overrun
static constexpr uint64_t kConnectMs = 5'000;  // then a server that never answered is not there

Runner::Runner(Dialer& dialer, const LoadOptions& options, RequestBuilder& builder,
               Recorder& recorder, Ledger& ledger, RecordFile* record)
    : dialer_(dialer),
      options_(options),
      recorder_(recorder),
      ledger_(ledger),
      record_(record),
      context_{options, dialer, builder, recorder, ledger, record, *this},
      pacer_(*this),
      random_(options.seed) {
  for (size_t i = 0; i < options.connections; i++) {
    lanes_.push_back(std::make_unique<Lane>(context_));
    down_.push_back(lanes_.back().get());
  }
}

static void free_timer(uv_handle_t* handle) {
  delete reinterpret_cast<uv_timer_t*>(handle);
}
static void free_check(uv_handle_t* handle) {
  delete reinterpret_cast<uv_check_t*>(handle);
}

Runner::~Runner() {
  lanes_.clear();
  pacer_.stop();
  if (timer_) uv_close(reinterpret_cast<uv_handle_t*>(timer_), free_timer);
  if (check_) uv_close(reinterpret_cast<uv_handle_t*>(check_), free_check);
  uv_run(dialer_.loop(), UV_RUN_DEFAULT);  // what was closed is freed
}

Status Runner::run() {
  timer_ = new uv_timer_t{};
  check_ = new uv_check_t{};
  timer_->data = check_->data = this;
  uv_timer_init(dialer_.loop(), timer_);
  uv_timer_start(timer_, on_tick, 0, kTickMs);
  uv_check_init(dialer_.loop(), check_);
  if (record_) uv_check_start(check_, on_turn);
  phase_ns_ = second_ns_ = uv_hrtime();
  while (phase_ != Phase::kOver) uv_run(dialer_.loop(), UV_RUN_ONCE);
  if (record_ && fault_.ok()) fault_ = record_->flush();
  return fault_;
}

void Runner::on_tick(uv_timer_t* timer) {
  static_cast<Runner*>(timer->data)->tick(uv_hrtime());
}

// An ack counts as recorded only once it is out of this process.
void Runner::on_turn(uv_check_t* check) {
  Runner* self = static_cast<Runner*>(check->data);
  const Status flushed = self->record_->flush();
  if (flushed.ok()) return;
  self->fault_ = flushed;
  self->phase_ = Phase::kOver;
}

void Runner::tick(uint64_t now_ns) {
  resume_paused(now_ns);
  if (phase_ != Phase::kFinishing || !backlog_.empty()) reopen();
  kill_due(now_ns);
  if (now_ns - second_ns_ >= 1'000 * kMs) close_second(now_ns);
  advance(now_ns);
}

void Runner::advance(uint64_t now_ns) {
  const uint64_t passed_ms = (now_ns - phase_ns_) / kMs;
  const bool all_sent = options_.requests_max && issued_ >= options_.requests_max;
  switch (phase_) {
    case Phase::kConnecting:
      if (connected() == lanes_.size() || (ever_connected_ && passed_ms > kConnectMs))
        return begin_load(now_ns);
      if (passed_ms <= kConnectMs && !stop_asked_) return;
      fault_ = Status::unavailable("cannot reach " + options_.url.origin() + ": " +
                                   last_down_.message());
      phase_ = Phase::kOver;
      return;
    case Phase::kWarmup:
      if (passed_ms >= options_.warmup_ms || stop_asked_) begin_measuring(now_ns);
      return;
    case Phase::kMeasuring:
      if (stop_asked_ || all_sent || (!options_.requests_max && passed_ms >= options_.duration_ms))
        begin_finishing(now_ns);
      return;
    case Phase::kFinishing:
      if (all_quiet() || passed_ms >= options_.grace_ms) close_all();
      return;
    case Phase::kOver:
      return;
  }
}

void Runner::begin_load(uint64_t now_ns) {
  phase_ = Phase::kWarmup;
  phase_ns_ = now_ns;
  if (options_.warmup_ms == 0) begin_measuring(now_ns);
  if (options_.rate > 0) {
    fault_ = pacer_.start(dialer_.loop(), options_.rate, options_.poisson, options_.seed, now_ns);
    if (!fault_.ok()) phase_ = Phase::kOver;
    return;
  }
  const std::vector<Lane*> ready = std::move(idle_);
  idle_.clear();
  for (Lane* lane : ready) on_lane_idle(*lane);
}

void Runner::begin_measuring(uint64_t now_ns) {
  phase_ = Phase::kMeasuring;
  phase_ns_ = second_ns_ = now_ns;
  recorder_.begin(now_ns);
  cpu_begin_us_ = cpu_second_us_ = own_cpu_us();
  watched_cpu_us_.clear();
  for (const Watched& watched : options_.watched) {
    const auto use = read_process(watched.pid);
    watched_cpu_us_.push_back(use ? use->cpu_us : 0);
  }
}

void Runner::begin_finishing(uint64_t now_ns) {
  if (now_ns - second_ns_ > 50 * kMs) close_second(now_ns);
  phase_ = Phase::kFinishing;
  phase_ns_ = now_ns;
  recorder_.end(now_ns);
  pacer_.stop();
  own_cpu_ = static_cast<double>(own_cpu_us() - cpu_begin_us_) / 1e6 / recorder_.seconds();
  // What is due but unsent was planned inside the measured time: it is still sent, and counts.
}

void Runner::close_all() {
  Counts& counts = recorder_.counts_of;
  for (const auto& lane : lanes_) {
    if (lane->busy()) counts.timed_out++;
    lane->close();
  }
  counts.unsent += backlog_.size();
  phase_ = Phase::kOver;
}

bool Runner::all_quiet() const {
  if (!backlog_.empty()) return false;
  return std::none_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->busy(); });
}

size_t Runner::connected() const {
  return static_cast<size_t>(std::count_if(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane->state() != Lane::State::kClosed && lane->state() != Lane::State::kOpening;
  }));
}

void Runner::reopen() {
  for (size_t i = std::min(kOpensPerTick, down_.size()); i > 0; i--) {
    Lane* lane = down_.front();
    down_.pop_front();
    lane->open();
  }
}

void Runner::resume_paused(uint64_t now_ns) {
  while (!paused_.empty() && paused_.front().first <= now_ns) {
    Lane* lane = paused_.front().second;
    paused_.pop_front();
    lane->resume();
  }
}

void Runner::kill_due(uint64_t now_ns) {
  if (phase_ != Phase::kMeasuring || next_kill_ >= options_.kills.size()) return;
  const Kill& due = options_.kills[next_kill_];
  if ((now_ns - phase_ns_) / kMs < due.at_ms) return;
  next_kill_++;
  ::kill(due.pid, SIGKILL);
}

void Runner::close_second(uint64_t now_ns) {
  for (const auto& lane : lanes_) lane->expire(now_ns);
  const bool measuring = phase_ == Phase::kMeasuring;
  Interval interval = recorder_.close_interval(now_ns);
  interval.backlog = backlog_.size();
  const uint64_t cpu = own_cpu_us();
  interval.own_cpu =
      static_cast<double>(cpu - cpu_second_us_) * 1e3 / static_cast<double>(now_ns - second_ns_);
  cpu_second_us_ = cpu;
  second_ns_ = now_ns;
  if (measuring) {
    watch(interval);
    recorder_.intervals().back() = interval;
  }
  if (!progress_) return;
  const char* phases[] = {"connecting", "warm-up", "measuring", "finishing", "over"};
  const uint64_t total_ms = phase_ == Phase::kWarmup ? options_.warmup_ms
                            : options_.requests_max  ? 0
                                                     : options_.duration_ms;
  progress_({phases[static_cast<size_t>(phase_)], static_cast<double>(now_ns - phase_ns_) / 1e9,
             static_cast<double>(total_ms) / 1e3, interval, connected()});
}

void Runner::watch(Interval& interval) {
  for (size_t i = 0; i < options_.watched.size(); i++) {
    Interval::Use use;
    if (const auto now = read_process(options_.watched[i].pid)) {
      use.alive = true;
      use.rss_bytes = now->rss_bytes;
      use.cpu = static_cast<double>(now->cpu_us - std::min(now->cpu_us, watched_cpu_us_[i])) / 1e6 /
                interval.length_s;
      watched_cpu_us_[i] = now->cpu_us;
    }
    interval.watched.push_back(use);
  }
}

/// The next one of a closed loop; false: nothing is to be sent any more.
bool Runner::next_task(Task& task) {
  if (!backlog_.empty()) {
    task = backlog_.front();
    backlog_.pop_front();
    return true;
  }
  if (!issuing() || options_.rate > 0) return false;
  const bool measuring = phase_ == Phase::kMeasuring;
  if (measuring && options_.requests_max && issued_ >= options_.requests_max) return false;
  task = Task{0, options_.batch, 0};
  if (measuring) {
    issued_++;
    recorder_.counts_of.planned += options_.batch;
  }
  return true;
}

void Runner::start(Lane& lane, Task task) {
  const bool copy = task.first == 0 && options_.duplicates_pct > 0 && ledger_.issued() > 0 &&
                    random_.unit() * 100 < options_.duplicates_pct;
  if (copy) {
    // One of the newest thousand, so that copies meet their originals in all states.
    const uint64_t requests = ledger_.issued() / options_.batch;
    task.first =
        (requests - 1 - random_.below(std::min<uint64_t>(requests, 1000))) * options_.batch + 1;
    recorder_.counts_of.duplicates++;
  }
  if (task.first == 0) task.first = ledger_.take(options_.batch);
  lane.start(task);
}

void Runner::on_lane_idle(Lane& lane) {
  ever_connected_ = true;
  Task task;
  if (phase_ == Phase::kConnecting || !next_task(task))
    idle_.push_back(&lane);
  else
    start(lane, task);
}

void Runner::on_lane_down(Lane& lane, const Status& why, const Task* unanswered) {
  if (!why.ok()) last_down_ = why;
  const auto at = std::find(idle_.begin(), idle_.end(), &lane);
  if (at != idle_.end()) idle_.erase(at);
  if (unanswered && options_.resend) {
    backlog_.push_back(*unanswered);
    recorder_.counts_of.resent++;
  }
  if (ever_connected_) recorder_.counts_of.reconnects++;
  down_.push_back(&lane);
}

void Runner::on_lane_pause(Lane& lane) {
  paused_.emplace_back(uv_hrtime() + options_.poll_ms * kMs, &lane);
}

void Runner::on_due(uint64_t planned_ns) {
  if (!issuing()) return;
  if (phase_ == Phase::kMeasuring) {
    if (options_.requests_max && issued_ >= options_.requests_max) return;
    issued_++;
    recorder_.counts_of.planned += options_.batch;
  }
  const Task task{0, options_.batch, planned_ns};
  if (idle_.empty()) {
    if (backlog_.size() < backlog_max)
      backlog_.push_back(task);
    else
      recorder_.counts_of.unsent++;
    return;
  }
  Lane* lane = idle_.back();
  idle_.pop_back();
  recorder_.lag.record(uv_hrtime() - planned_ns);
  start(*lane, task);
}

}  // namespace penstock::bench
