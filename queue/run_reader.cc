#include "queue/run_reader.h"

#include "queue/audit.h"
#include "queue/event_pack.h"
#include "queue/record.h"

namespace penstock::queue {

Id after(Id id) {
  for (int i = 15; i >= 0; i--)
    if (++id.bytes[static_cast<size_t>(i)] != 0) break;
  return id;
}

template <class Record>
static Result<std::shared_ptr<const Record>> read_record(const View& view, Family family, Id id) {
  auto value = view.get(family, id.raw());
  if (!value) return value.status();
  if (!*value) return std::shared_ptr<const Record>();
  auto record = std::make_shared<Record>();
  PENSTOCK_TRY(unseal(family, id.raw(), **value, *record));
  return std::shared_ptr<const Record>(std::move(record));
}

Result<ResultPtr> read_result(const View& view, Id id) {
  return read_record<records::ResultRecord>(view, Family::kResults, id);
}

Result<LivePtr> read_live(const View& view, Id id) {
  return read_record<records::LiveRecord>(view, Family::kLive, id);
}

Result<EventPtr> read_event(const View& view, Id id) {
  const auto cursor = view.cursor(Family::kEvents);
  cursor->seek_back(id.raw());
  PENSTOCK_TRY(cursor->status());
  if (!cursor->valid()) return EventPtr();
  auto pack = EventPack::open(cursor->key(), cursor->value());
  if (!pack) return pack.status();
  const auto place = pack->find(id);
  if (!place) return EventPtr();
  return pack->event(*place);
}

/// All records of the run in a family whose keys are id and sequence; kCorrupt: one is missing.
static Result<std::vector<std::string>> read_sequence(const View& view, Family family, Id id,
                                                      uint32_t from = 0) {
  std::vector<std::string> entries;
  const auto cursor = view.cursor(family);
  cursor->seek(journal_key(id, from));
  for (; cursor->valid() && cursor->key().starts_with(id.raw()); cursor->next()) {
    const std::string expected = journal_key(id, from + static_cast<uint32_t>(entries.size()));
    if (cursor->key() != expected)
      return Status::corrupt(record_name(family, id.raw()) + " lacks an entry");
    auto entry = unseal(family, cursor->key(), cursor->value());
    if (!entry) return entry.status();
    entries.emplace_back(*entry);
  }
  PENSTOCK_TRY(cursor->status());
  return entries;
}

Result<std::vector<std::string>> read_journal(const View& view, Id id) {
  return read_sequence(view, Family::kJournal, id);
}

Result<std::vector<std::string>> read_pieces(const View& view, Id id) {
  return read_sequence(view, Family::kStreams, id);
}

Result<std::vector<std::string>> read_inbox(const View& view, Id id, uint32_t from) {
  return read_sequence(view, Family::kInbox, id, from);
}

static Result<uint32_t> count_sequence(const View& view, Family family, Id id) {
  const auto cursor = view.cursor(family);
  cursor->seek_back(piece_key(id, UINT32_MAX));
  PENSTOCK_TRY(cursor->status());
  if (!cursor->valid() || !cursor->key().starts_with(id.raw())) return 0;
  const std::string_view key = cursor->key();
  uint32_t last = 0;
  for (const char c : key.substr(16)) last = last << 8 | static_cast<unsigned char>(c);
  return last + 1;
}

Result<uint32_t> count_pieces(const View& view, Id id) {
  return count_sequence(view, Family::kStreams, id);
}

Result<uint32_t> count_inbox(const View& view, Id id) {
  return count_sequence(view, Family::kInbox, id);
}

Result<StreamPage> read_stream(const View& view, Id id, uint32_t from, size_t bytes_max) {
  StreamPage page;
  size_t bytes = 0;
  const auto cursor = view.cursor(Family::kStreams);
  cursor->seek(piece_key(id, from));
  for (; cursor->valid() && cursor->key().starts_with(id.raw()); cursor->next()) {
    if (bytes >= bytes_max) return page;
    if (cursor->key() != piece_key(id, from++))
      return Status::corrupt(record_name(Family::kStreams, id.raw()) + " lacks a piece");
    auto piece = std::make_shared<records::StreamPiece>();
    PENSTOCK_TRY(unseal(Family::kStreams, cursor->key(), cursor->value(), *piece));
    bytes += piece->data().size() + 32;
    page.pieces.push_back(std::move(piece));
  }
  PENSTOCK_TRY(cursor->status());
  page.at_end = true;
  return page;
}

Result<DedupRecordPtr> read_key(const View& view, const DedupKey& key,
                                const std::vector<uint32_t>& hours) {
  DedupRecordPtr newest;
  for (const uint32_t hour : hours) {
    const std::string stored = dedup_store_key(hour, key);
    auto value = view.get(Family::kDedup, stored);
    if (!value) return value.status();
    if (!*value) continue;
    auto record = std::make_shared<records::DedupRecord>();
    PENSTOCK_TRY(unseal(Family::kDedup, stored, **value, *record));
    if (record->id().size() != 16) return Status::corrupt("a dedup key has a broken id");
    if (!newest || newest->expires_at_ms() < record->expires_at_ms()) newest = std::move(record);
  }
  return newest;
}

Result<RunRead> read_run(const View& view, Id id, bool with_journal) {
  RunRead read;
  auto event = read_event(view, id);
  if (!event) return event.status();
  read.event = *std::move(event);
  auto result = read_result(view, id);
  if (!result) return result.status();
  read.result = *std::move(result);
  auto live = read_live(view, id);
  if (!live) return live.status();
  read.live = *std::move(live);
  if (!with_journal) return read;
  auto journal = read_journal(view, id);
  if (!journal) return journal.status();
  read.journal = *std::move(journal);
  return read;
}

Result<AuditPage> read_audit(const View& view, uint64_t before, uint32_t limit) {
  AuditPage page;
  const auto cursor = view.cursor(Family::kAudit);
  if (before == 0) cursor->last();
  else if (before > 1) cursor->seek_back(audit_key(before - 1));
  while (before != 1 && cursor->valid() && page.rows.size() < limit) {
    if (cursor->key().size() != 8) return Status::corrupt("the audit log has a broken key");
    AuditPage::Row& row = page.rows.emplace_back();
    for (const char c : cursor->key()) row.sequence = row.sequence << 8 | static_cast<uint8_t>(c);
    PENSTOCK_TRY(unseal(Family::kAudit, cursor->key(), cursor->value(), row.record));
    cursor->prev();
  }
  PENSTOCK_TRY(cursor->status());
  if (page.rows.size() == limit && page.rows.back().sequence > 1)
    page.next = page.rows.back().sequence;
  return page;
}

Result<records::Position> read_position(const View& view) {
  records::Position position;
  auto value = view.get(Family::kMeta, position_key);
  if (!value) return value.status();
  if (*value) PENSTOCK_TRY(unseal(Family::kMeta, position_key, **value, position));
  if ((!position.low_water().empty() && position.low_water().size() != 16) ||
      (!position.last_id().empty() && position.last_id().size() != 16))
    return Status::corrupt("the queue's position has a broken id");
  return position;
}

Result<std::vector<StoredDefinition>> read_definitions(const View& view) {
  std::vector<StoredDefinition> definitions;
  const auto cursor = view.cursor(Family::kDefinitions);
  for (cursor->seek({}); cursor->valid(); cursor->next()) {
    auto value = unseal(Family::kDefinitions, cursor->key(), cursor->value());
    if (!value) return value.status();
    definitions.push_back({std::string(cursor->key()), std::string(*value)});
  }
  PENSTOCK_TRY(cursor->status());
  return definitions;
}

}  // namespace penstock::queue
