// What one turn of the queue wants on disk, all or nothing. Built on the loop, moved to the commit
// thread, written there. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/records.pb.h"
#include "queue/types.h"

namespace penstock::queue {

/// Numbers the batches of this process, from 1. 0 stands for what was durable before it started.
using Ticket = uint64_t;

struct ResultWrite { Id id; ResultPtr result; };
/// `live` null: the record goes.
struct LiveWrite { Id id; LivePtr live; };
struct JournalWrite { Id id; uint32_t sequence; std::string record; };
struct InboxWrite { Id id; uint32_t sequence; InboxPtr record; };
/// Of a run's inbox, from `from` up to, not including, `to`.
struct InboxRange { Id id; uint32_t from, to; };
struct PieceWrite { Id id; uint32_t sequence; PiecePtr piece; };
using DedupRecordPtr = std::shared_ptr<const records::DedupRecord>;
struct DedupWrite { std::string key; DedupRecordPtr record; };
/// Ids from `from` up to, not including, `to`.
struct IdRange { Id from, to; };

struct AuditWrite { uint64_t sequence; records::AuditRecord record; };

struct Batch {
  Ticket ticket = 0;
  std::vector<EventPtr> events;  ///< ids ascending
  std::vector<ResultWrite> results;
  std::vector<LiveWrite> live;
  std::vector<JournalWrite> journal;
  std::vector<PieceWrite> pieces;
  std::vector<InboxWrite> inbox;
  std::vector<InboxRange> forget_inbox;
  std::vector<StoredDefinition> definitions;
  std::vector<AuditWrite> audit;
  std::vector<IdRange> forget_results;
  std::vector<IdRange> forget_events;  ///< whole packs, with the runs' journals and streams
  std::vector<DedupWrite> keys;
  std::string forget_keys_before;      ///< dedup keys less than this one; empty: none
  bool fences_reserved = false;        ///< the position's fence mark went up
  records::Position position;          ///< the sequence is the committer's
  size_t event_bytes = 0;

  bool empty() const {
    return events.empty() && results.empty() && live.empty() && journal.empty() &&
           pieces.empty() && inbox.empty() && forget_inbox.empty() && definitions.empty() &&
           audit.empty() && forget_results.empty() && forget_events.empty() && keys.empty() &&
           forget_keys_before.empty() && !fences_reserved;
  }
};

}  // namespace penstock::queue
