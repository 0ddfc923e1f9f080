// Runs one load: opens the lanes, keeps them busy (closed loop) or feeds them as planned (open
// loop), through warm-up, measured time and the end of what is under way.
//
// Lifecycle: made, run() once; then the recorder, the ledger and the warnings say what happened.
// run() turns the loop until the load is over. Loop thread.
// Limitations: one process, one thread; several are merged afterwards.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "bench/load/lane.h"
#include "bench/load/pacer.h"

namespace penstock::bench {

/// What the live line shows.
struct Progress {
  const char* phase;
  double elapsed_s;
  double total_s;  ///< 0: open-ended
  Interval interval;
  uint64_t connected;
};

class Runner final : public LaneOwner, public Pacer::Handler {
 public:
  static constexpr size_t backlog_max = 2'000'000;

  Runner(Dialer& dialer, const LoadOptions& options, RequestBuilder& builder, Recorder& recorder,
         Ledger& ledger, RecordFile* record);
  ~Runner() override;

  /// Called once a second. Set before run().
  void show(std::function<void(const Progress&)> progress) { progress_ = std::move(progress); }
  /// Fault: the server cannot be reached, or the record cannot be written.
  Status run();
  /// Ends the load early, as if its time were over.
  void stop() { stop_asked_ = true; }
  /// Processor time of this program while it measured, as a share of one core.
  double own_cpu() const { return own_cpu_; }

  void on_lane_idle(Lane& lane) override;
  void on_lane_down(Lane& lane, const Status& why, const Task* unanswered) override;
  void on_lane_pause(Lane& lane) override;
  void on_due(uint64_t planned_ns) override;

 private:
  enum class Phase : uint8_t { kConnecting, kWarmup, kMeasuring, kFinishing, kOver };

  static void on_tick(uv_timer_t* timer);
  static void on_turn(uv_check_t* check);
  void tick(uint64_t now_ns);
  void advance(uint64_t now_ns);
  void begin_load(uint64_t now_ns);
  void begin_measuring(uint64_t now_ns);
  void begin_finishing(uint64_t now_ns);
  void close_all();
  void reopen();
  void resume_paused(uint64_t now_ns);
  void kill_due(uint64_t now_ns);
  void close_second(uint64_t now_ns);
  void watch(Interval& interval);
  bool issuing() const { return phase_ == Phase::kWarmup || phase_ == Phase::kMeasuring; }
  bool next_task(Task& task);
  void start(Lane& lane, Task task);
  size_t connected() const;
  bool all_quiet() const;

  Dialer& dialer_;
  const LoadOptions& options_;
  Recorder& recorder_;
  Ledger& ledger_;
  RecordFile* record_;
  LaneContext context_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Lane*> idle_;  // open loop, and closed loop before it begins
  std::deque<Lane*> down_;
  std::deque<std::pair<uint64_t, Lane*>> paused_;  // until when; all pauses are equally long
  std::deque<Task> backlog_;                       // due, or to be sent again
  Pacer pacer_;
  Random random_;
  std::function<void(const Progress&)> progress_;
  uv_timer_t* timer_ = nullptr;
  uv_check_t* check_ = nullptr;
  Phase phase_ = Phase::kConnecting;
  bool stop_asked_ = false;
  bool ever_connected_ = false;
  Status fault_;
  Status last_down_;
  uint64_t phase_ns_ = 0;  // when it began
  uint64_t second_ns_ = 0;
  uint64_t issued_ = 0;  // requests of the measured time
  size_t next_kill_ = 0;
  uint64_t cpu_begin_us_ = 0;
  uint64_t cpu_second_us_ = 0;
  double own_cpu_ = 0;
  std::vector<uint64_t> watched_cpu_us_;
};

}  // namespace penstock::bench
