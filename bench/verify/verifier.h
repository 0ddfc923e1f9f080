// Asks the server for every run of a ledger, many at once: some connections, pipelined. Runs that
// have not ended are asked for again until they have, or until the time is over.
//
// Lifecycle: made, run() once, which turns the loop until the verdict is complete. Loop thread.
// Limitations: a server that cannot be reached for 30 s ends it with a fault, not with "lost".
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "bench/http/dialer.h"
#include "bench/load/request_builder.h"
#include "bench/verify/ledger.h"
#include "bench/verify/verdict.h"

namespace penstock::bench {

struct VerifyOptions {
  size_t connections = 8;
  size_t depth = 16;      ///< requests under way on each
  uint64_t drain_ms = 0;  ///< how long to wait for runs to end; 0: one look
  std::string tag;        ///< what each run must carry; "": anything
};

class VerifyLane;

class Verifier {
 public:
  Verifier(Dialer& dialer, RequestBuilder& builder, const Ledger& ledger,
           const VerifyOptions& options);
  ~Verifier();

  /// Called now and then with how many were asked for and how many have not ended.
  void show(std::function<void(uint64_t asked, uint64_t open)> progress) {
    progress_ = std::move(progress);
  }
  Result<Verdict> run();

 private:
  friend class VerifyLane;
  static void on_tick(uv_timer_t* timer);
  void tick();
  /// The next event to ask for; 0: none for now.
  uint64_t next();
  void answered(uint64_t seq, int status, std::string_view body);
  void give_back(const std::deque<uint64_t>& unanswered, const Status& why);
  bool finished() const;

  Dialer& dialer_;
  RequestBuilder& builder_;
  const Ledger& ledger_;
  VerifyOptions options_;
  Verdict verdict_;
  RunStateReader reader_;
  std::vector<std::unique_ptr<VerifyLane>> lanes_;
  std::deque<uint64_t> again_;  // to be asked now
  std::vector<uint64_t> open_;  // not ended when last asked
  std::function<void(uint64_t, uint64_t)> progress_;
  uv_timer_t* timer_ = nullptr;
  uint64_t cursor_ = 0;  // the last one asked for the first time
  uint64_t under_way_ = 0;
  uint64_t begin_ms_ = 0;
  uint64_t answer_ms_ = 0;  // when the last answer came
  uint64_t shown_ms_ = 0;
  Status last_down_;
};

}  // namespace penstock::bench
