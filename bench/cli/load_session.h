// One use of `penstock-bench run`: everything a load needs, built from the flags, and the loads
// made with it. The ledger lasts through all steps, so that one verification covers them.
//
// Lifecycle: make(), measure() one or more times, then verify(). One thread; blocks.
#pragma once

#include <uv.h>

#include <memory>

#include "bench/cli/run_flags.h"
#include "bench/http/dialer.h"
#include "bench/load/request_builder.h"
#include "bench/report/progress.h"
#include "bench/report/report.h"
#include "bench/verify/ledger.h"
#include "bench/verify/record_file.h"

namespace penstock::bench {

class LoadSession {
 public:
  static Result<std::unique_ptr<LoadSession>> make(const RunFlags& flags);
  ~LoadSession();
  LoadSession(const LoadSession&) = delete;
  LoadSession& operator=(const LoadSession&) = delete;

  /// One load, at `rate` (0: closed loop).
  Result<Report> measure(double rate);
  /// Asks for every acknowledged event and compares the server's sums.
  Status verify(Report& report);
  /// Whether somebody asked to stop.
  bool interrupted() const { return interrupted_; }

 private:
  explicit LoadSession(const RunFlags& flags);
  Status prepare();
  void describe(Report& report, double rate) const;
  static void on_interrupt(uv_signal_t* handle, int);

  const RunFlags& flags_;
  uv_loop_t loop_;
  uv_signal_t interrupt_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<RequestBuilder> builder_;
  std::unique_ptr<RecordFile> record_;
  Ledger ledger_;
  ProgressLine progress_;
  ServerCounts before_;
  uint64_t fate_unknown_ = 0;
  bool interrupted_ = false;
  class Runner* running_ = nullptr;
};

}  // namespace penstock::bench
