#include "bench/load/recorder.h"

namespace penstock::bench {

void Recorder::begin(uint64_t now_ns) {
  counts_of = Counts();
  for (Histogram* histogram : {&latency, &service, &ack, &first, &lag, &recent_})
    histogram->clear();
  statuses.fill(0);
  intervals_.clear();
  interval_ = Interval();
  begun_ = true;
  begin_ns_ = interval_ns_ = now_ns;
}

void Recorder::on_ack(uint64_t planned_ns, uint64_t now_ns) {
  ack.record(now_ns - planned_ns);
}

void Recorder::on_done(uint64_t planned_ns, uint64_t sent_ns, uint64_t now_ns, size_t events) {
  counts_of.done++;
  counts_of.events += events;
  latency.record(now_ns - planned_ns);
  service.record(now_ns - sent_ns);
}

// In an overloaded open loop nothing that was planned in the measured time may be done within it,
// and yet the server works.
void Recorder::on_completed(uint64_t planned_ns, uint64_t now_ns) {
  recent_.record(now_ns - planned_ns);
  interval_.done++;
  if (begun_ && now_ns <= end_ns_) counts_of.done_in_time++;
}

Interval Recorder::close_interval(uint64_t now_ns) {
  Interval closed = interval_;
  closed.at_s = static_cast<double>(now_ns - begin_ns_) / 1e9;
  closed.length_s = static_cast<double>(now_ns - interval_ns_) / 1e9;
  closed.p50 = recent_.at(50);
  closed.p99 = recent_.at(99);
  closed.max = recent_.max();
  recent_.clear();
  interval_ = Interval();
  interval_ns_ = now_ns;
  if (begun_) intervals_.push_back(closed);
  return closed;
}

}  // namespace penstock::bench
