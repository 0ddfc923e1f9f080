// Copies of earlier deliveries, told by their keys.
#include "queue/queue.h"

namespace penstock::queue {

static constexpr uint64_t kSweepKeysMs = 1000;

static std::vector<Id> more_of(const records::DedupRecord& record) {
  std::vector<Id> more;
  for (const std::string& raw : record.more_ids())
    if (raw.size() == 16) more.push_back(Id::from_raw(raw));
  return more;
}

KeyState Queue::look_at_key(const DedupKey& key, std::string_view sha256, bool read, Cookie cookie,
                            Now now, Id& first) {
  const uint64_t wall_ms = steady_wall_ms(now);
  if (const Dedup::First* found = dedup_.find(key, wall_ms)) {
    const records::DedupRecord& record = *found->record;
    first = Id::from_raw(record.id());
    const bool reused = !sha256.empty() && !record.body_sha256().empty() &&
                        record.body_sha256() != sha256;
    (reused ? counts_.keys_reused : counts_.duplicates)++;
    act(reused ? 0 : found->needs, Duplicate{cookie, first, more_of(record), reused});
    return KeyState::kTaken;
  }
  if (read) return KeyState::kNew;
  std::vector<uint32_t> hours = dedup_.stored_hours(key, wall_ms);
  if (hours.empty()) return KeyState::kNew;
  counts_.key_reads++;
  reads_.push_back(ReadKey{key, std::move(hours)});
  return KeyState::kAsked;
}

void Queue::claim_key(const DedupKey& key, records::DedupRecord record, bool memory_only,
                      Now now) {
  // The time to live came in; from here on it is a time.
  record.set_expires_at_ms(steady_wall_ms(now) + record.expires_at_ms());
  auto kept = std::make_shared<const records::DedupRecord>(std::move(record));
  batch_.keys.push_back(
      dedup_.remember(key, std::move(kept), batch_.ticket, memory_only ? 0 : batch_.ticket));
}

Status Queue::key_read(const ReadKey& job, KeyAnswer answer) {
  PENSTOCK_TRY(answer.status);
  if (answer.record) dedup_.learn(job.key, std::move(answer.record));
  return {};
}

void Queue::sweep_keys(Now now) {
  if (now.monotonic_ms < sweep_keys_at_ms_) return;
  sweep_keys_at_ms_ = now.monotonic_ms + kSweepKeysMs;
  if (const auto hour = dedup_.sweep(steady_wall_ms(now)))
    batch_.forget_keys_before = dedup_hour_key(*hour);
}

}  // namespace penstock::queue
