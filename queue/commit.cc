#include "queue/commit.h"

#include "proto/limits.h"
#include "queue/audit.h"
#include "queue/record.h"

namespace penstock::queue {

static std::string key_of(Id id) { return std::string(id.raw()); }

Status Commit::run(const std::vector<Batch>& batches) {
  encode(batches);
  return write();
}

Status Commit::write() {
  PENSTOCK_TRY(store_.write(set_, Sync::kYes));
  sequence_ = set_.sequence;
  return {};
}

Status Commit::again() {
  auto kept = store_.heal();
  if (!kept) return kept.status();
  if (*kept == set_.sequence) {  // the write had reached the disk before the error came
    sequence_ = set_.sequence;
    return {};
  }
  if (*kept != sequence_) return Status::corrupt("healing the store lost commits");
  return write();
}

void Commit::encode(const std::vector<Batch>& batches) {
  set_ = {};
  set_.sequence = sequence_ + 1;
  encode_events(batches);
  for (const Batch& batch : batches) encode(batch);
  records::Position position = batches.back().position;
  position.set_sequence(set_.sequence);
  set_.put(Family::kMeta, std::string(position_key), seal(Family::kMeta, position_key, position));
}

void Commit::encode_events(const std::vector<Batch>& batches) {
  std::vector<EventPtr> pack;
  size_t bytes = 0;
  const auto flush = [&] {
    if (pack.empty()) return;
    set_.put(Family::kEvents, key_of(pack.front()->id), packer_.pack(pack));
    pack.clear();
    bytes = 0;
  };
  for (const Batch& batch : batches) {
    for (const EventPtr& event : batch.events) {
      pack.push_back(event);
      bytes += event->meta.size() + event->body.size();
      if (bytes >= limits::pack_bytes_max) flush();
    }
  }
  flush();
}

void Commit::encode(const Batch& batch) {
  for (const auto& [id, result] : batch.results)
    set_.put(Family::kResults, key_of(id), seal(Family::kResults, id.raw(), *result));
  for (const auto& [id, live] : batch.live) {
    if (live) set_.put(Family::kLive, key_of(id), seal(Family::kLive, id.raw(), *live));
    else set_.erase(Family::kLive, key_of(id));
  }
  for (const auto& [id, sequence, record] : batch.journal) {
    std::string key = journal_key(id, sequence);
    std::string value = seal(Family::kJournal, key, record);
    set_.put(Family::kJournal, std::move(key), std::move(value));
  }
  for (const auto& [id, sequence, piece] : batch.pieces) {
    std::string key = piece_key(id, sequence);
    std::string value = seal(Family::kStreams, key, *piece);
    set_.put(Family::kStreams, std::move(key), std::move(value));
  }
  for (const auto& [id, sequence, record] : batch.inbox) {
    std::string key = inbox_key(id, sequence);
    std::string value = seal(Family::kInbox, key, *record);
    set_.put(Family::kInbox, std::move(key), std::move(value));
  }
  for (const auto& [id, from, to] : batch.forget_inbox)  // few, and soon: no range
    for (uint32_t at = from; at < to; at++) set_.erase(Family::kInbox, inbox_key(id, at));
  for (const auto& [key, value] : batch.definitions) {
    if (value.empty()) set_.erase(Family::kDefinitions, key);
    else set_.put(Family::kDefinitions, key, seal(Family::kDefinitions, key, value));
  }
  for (const auto& [key, record] : batch.keys)
    set_.put(Family::kDedup, key, seal(Family::kDedup, key, *record));
  if (!batch.forget_keys_before.empty())
    set_.erase_range(Family::kDedup, {}, batch.forget_keys_before);
  for (const auto& [sequence, record] : batch.audit) {
    std::string key = audit_key(sequence);
    std::string value = seal(Family::kAudit, key, record);
    set_.put(Family::kAudit, std::move(key), std::move(value));
  }
  for (const auto& [from, to] : batch.forget_results)
    set_.erase_range(Family::kResults, key_of(from), key_of(to));
  for (const auto& [from, to] : batch.forget_events) {
    set_.erase_range(Family::kEvents, key_of(from), key_of(to));
    set_.erase_range(Family::kJournal, key_of(from), key_of(to));
    set_.erase_range(Family::kStreams, key_of(from), key_of(to));
  }
}

}  // namespace penstock::queue
