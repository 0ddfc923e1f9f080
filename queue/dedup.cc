#include "queue/dedup.h"

namespace penstock::queue {

Dedup::Dedup(std::shared_ptr<DedupIndex> stored)
    : index_(stored ? std::move(stored) : std::make_shared<DedupIndex>()),
      used_(index_->size() > 0) {}

const Dedup::First* Dedup::find(const DedupKey& key, uint64_t wall_ms) const {
  const auto found = recent_.find(key);
  if (found == recent_.end()) return nullptr;
  const First& first = found->second.first;
  return first.record->expires_at_ms() > wall_ms ? &first : nullptr;
}

std::vector<uint32_t> Dedup::stored_hours(const DedupKey& key, uint64_t wall_ms) const {
  // Memory knows the newest that is said of it, and that is over.
  if (recent_.count(key)) return {};
  return index_->find(key.fingerprint(), dedup_hour_of(wall_ms));
}

DedupWrite Dedup::remember(const DedupKey& key, DedupRecordPtr record, Ticket stored_in,
                           Ticket needs) {
  const uint32_t hour = dedup_hour_of(record->expires_at_ms());
  used_ = true;
  index_->add(key.fingerprint(), hour);
  keep(key, {record, needs}, stored_in);
  return {dedup_store_key(hour, key), std::move(record)};
}

void Dedup::learn(const DedupKey& key, DedupRecordPtr record) {
  keep(key, {std::move(record), 0}, 0);
}

void Dedup::keep(const DedupKey& key, First first, Ticket stored_in) {
  const uint64_t number = ++numbers_;
  recent_.insert_or_assign(key, Recent{std::move(first), number});
  line_.push_back({key, number, stored_in});
  trim();
}

void Dedup::durable(Ticket ticket) {
  durable_ = ticket;
  trim();
}

void Dedup::trim() {
  while (line_.size() > limits::dedup_recent_max && line_.front().stored_in <= durable_) {
    const auto found = recent_.find(line_.front().key);
    if (found != recent_.end() && found->second.number == line_.front().number)
      recent_.erase(found);
    line_.pop_front();
  }
}

std::optional<uint32_t> Dedup::sweep(uint64_t wall_ms) {
  if (!used_) return std::nullopt;
  const uint32_t hour = dedup_hour_of(wall_ms);
  index_->purge(hour);
  if (hour <= swept_) return std::nullopt;
  swept_ = hour;
  return hour;
}

size_t Dedup::bytes() const {
  static constexpr size_t kRecentBytes = 250;  // an entry, its record and its place in the line
  return index_->bytes() + recent_.size() * kRecentBytes;
}

}  // namespace penstock::queue
