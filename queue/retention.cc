#include "queue/retention.h"

#include <algorithm>

#include "proto/limits.h"
#include "queue/record.h"
#include "queue/run_reader.h"

namespace penstock::queue {
namespace {

/// Collects neighbours into one range.
class Ranges {
 public:
  explicit Ranges(std::vector<IdRange>& out) : out_(out) {}
  void extend(Id id) {
    if (!open_) from_ = id;
    open_ = true;
    to_ = after(id);
  }
  void close() {
    if (open_) out_.push_back({from_, to_});
    open_ = false;
  }

 private:
  std::vector<IdRange>& out_;
  Id from_, to_;
  bool open_ = false;
};

/// How the run ended is kept as long as its event; what it said goes.
bool is_bare(const records::Outcome& outcome) {
  return outcome.body().empty() && outcome.headers().empty() && outcome.tasks().empty() &&
         !outcome.has_error();
}
ResultPtr remains_of(const records::ResultRecord& record) {
  auto bare = std::make_shared<records::ResultRecord>(record);
  bare->clear_outcome();
  bare->mutable_outcome()->set_status(record.outcome().status());
  bare->clear_stream_count();
  return bare;
}

Status sweep_results(const View& view, const SweepRetention& job, SweepAnswer& answer) {
  const Id bound = std::min(
      job.low_water, Id::floor_of(std::max(job.results_before_ms, job.shortest_before_ms)));
  const auto results = view.cursor(Family::kResults);
  Ranges ranges(answer.results);
  size_t looked_at = 0;
  answer.results_next = Id();
  for (results->seek(job.results_from.raw()); results->valid(); results->next()) {
    const Id id = Id::from_raw(results->key());
    if (id >= bound) break;
    if (looked_at++ >= limits::retention_scan_max) {
      answer.results_next = id;
      answer.more = true;
      break;
    }
    records::ResultRecord record;
    PENSTOCK_TRY(unseal(Family::kResults, results->key(), results->value(), record));
    const bool all_do = record.finished_at_ms() < job.results_before_ms;
    const bool early = record.expires_at_ms() && record.expires_at_ms() < job.now_ms;
    if (all_do && (early || !record.expires_at_ms())) {
      ranges.extend(id);
      continue;
    }
    ranges.close();
    if (early && !is_bare(record.outcome())) answer.remains.emplace_back(id, remains_of(record));
  }
  ranges.close();
  return results->status();
}

/// The key of the pack that holds `id`, or would: nothing before it can hold it.
Id pack_of(Cursor& packs, Id id) {
  packs.seek_back(id.raw());
  return packs.valid() ? Id::from_raw(packs.key()) : id;
}

Status sweep_events(const View& view, const SweepRetention& job, SweepAnswer& answer) {
  const auto packs = view.cursor(Family::kEvents), live = view.cursor(Family::kLive);
  packs->seek({});
  if (!packs->valid()) return packs->status();
  Id from = Id::from_raw(packs->key());
  const Id bound = pack_of(*packs, std::min(job.low_water, Id::floor_of(job.events_before_ms)));
  live->seek(from.raw());
  for (; live->valid() && Id::from_raw(live->key()) < bound; live->next()) {
    const Id id = Id::from_raw(live->key()), kept = pack_of(*packs, id);
    if (from < kept) answer.events.push_back({from, kept});
    packs->seek(after(id).raw());  // the rest of the live one's pack stays with it
    from = packs->valid() ? Id::from_raw(packs->key()) : bound;
  }
  if (from < bound) answer.events.push_back({from, bound});
  PENSTOCK_TRY(live->status());
  return packs->status();
}

}  // namespace

SweepAnswer sweep_retention(const View& view, const SweepRetention& job) {
  SweepAnswer answer;
  answer.status = sweep_results(view, job, answer);
  if (answer.status.ok()) answer.status = sweep_events(view, job, answer);
  return answer;
}

}  // namespace penstock::queue
