// What a run measured: counts, latencies, one interval a second.
//
// Lifecycle: begin() when the warm-up is over; what was planned before counts for nothing. One
// thread. Times are nanoseconds of one monotonic clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/stats/histogram.h"
#include "bench/stats/interval.h"

namespace penstock::bench {

/// Plain sums over the measured time.
struct Counts {
  uint64_t planned = 0;       ///< events that were due
  uint64_t sent = 0;          ///< requests
  uint64_t done = 0;          ///< requests that came to the end their target asks for
  uint64_t done_in_time = 0;  ///< completed during the measured time: what the rate is made of
  uint64_t events = 0;        ///< events of the done requests (with --batch several each)
  uint64_t acked = 0;         ///< events with a 2xx
  uint64_t refused = 0;       ///< answered, but not 2xx
  uint64_t broken = 0;        ///< the connection ended before the answer
  uint64_t timed_out = 0;
  uint64_t unsent = 0;      ///< due, but the backlog was at its bound
  uint64_t run_failed = 0;  ///< accepted, ended in no reply
  uint64_t unfollowed = 0;  ///< accepted, but the run could not be followed to its end
  uint64_t mismatched = 0;  ///< the reply was of another event
  uint64_t late = 0;        ///< held replies that turned into 202
  uint64_t duplicates = 0;  ///< copies sent on purpose
  uint64_t resent = 0;
  uint64_t reconnects = 0;
  uint64_t out_of_order = 0;  ///< ids on one connection that went back
  uint64_t bytes_out = 0;
  uint64_t bytes_in = 0;
  uint64_t errors() const {
    return refused + broken + timed_out + unsent + run_failed + unfollowed + mismatched;
  }
};

class Recorder {
 public:
  void begin(uint64_t now_ns);
  void end(uint64_t now_ns) { end_ns_ = now_ns; }
  bool counts(uint64_t planned_ns) const { return begun_ && planned_ns >= begin_ns_; }
  uint64_t begin_ns() const { return begin_ns_; }
  uint64_t end_ns() const { return end_ns_; }
  double seconds() const { return static_cast<double>(end_ns_ - begin_ns_) / 1e9; }

  /// The POST was answered 2xx.
  void on_ack(uint64_t planned_ns, uint64_t now_ns);
  /// A request came to its end, whenever it was planned: what rates are made of.
  void on_completed(uint64_t planned_ns, uint64_t now_ns);
  /// The whole of an event's way is done, and it counts().
  void on_done(uint64_t planned_ns, uint64_t sent_ns, uint64_t now_ns, size_t events);
  void on_error() { interval_.errors++; }
  void on_first_piece(uint64_t planned_ns, uint64_t now_ns) { first.record(now_ns - planned_ns); }
  void on_status(int status) { statuses[static_cast<size_t>(status)]++; }

  /// Closes the second that just passed.
  Interval close_interval(uint64_t now_ns);
  const std::vector<Interval>& intervals() const { return intervals_; }
  std::vector<Interval>& intervals() { return intervals_; }

  Counts counts_of;
  Histogram latency;  ///< from the planned time to the end of the event's way
  Histogram service;  ///< … from its sending
  Histogram ack;      ///< from the planned time to the 2xx, where more follows
  Histogram first;    ///< from the planned time to the first piece of a stream
  Histogram lag;      ///< how late this program itself was in sending
  std::array<uint64_t, 600> statuses{};
  uint64_t fate_unknown = 0;  ///< events whose POST got no answer, the warm-up's included

 private:
  bool begun_ = false;
  uint64_t begin_ns_ = 0;
  uint64_t end_ns_ = UINT64_MAX;
  uint64_t interval_ns_ = 0;
  Interval interval_;
  Histogram recent_;
  std::vector<Interval> intervals_;
};

}  // namespace penstock::bench
