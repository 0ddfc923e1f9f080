// Point reads of what is stored of one run. Every value is verified. Any thread.
#pragma once

#include "queue/reads.h"

namespace penstock::queue {

/// The event, null when there is none.
Result<EventPtr> read_event(const View& view, Id id);
Result<ResultPtr> read_result(const View& view, Id id);
Result<LivePtr> read_live(const View& view, Id id);
/// The journal in order; kCorrupt when an entry is missing or damaged.
Result<std::vector<std::string>> read_journal(const View& view, Id id);
/// All pieces of the run's stream, in order (records::StreamPiece).
Result<std::vector<std::string>> read_pieces(const View& view, Id id);
/// How many there are, from one look.
Result<uint32_t> count_pieces(const View& view, Id id);
/// What is kept of the run's inbox from this sequence on, and how many were ever kept.
Result<std::vector<std::string>> read_inbox(const View& view, Id id, uint32_t from);
Result<uint32_t> count_inbox(const View& view, Id id);
Result<StreamPage> read_stream(const View& view, Id id, uint32_t from, size_t bytes_max);
Result<RunRead> read_run(const View& view, Id id, bool with_journal);
/// The audit log from before this sequence back; 0: from the newest.
Result<AuditPage> read_audit(const View& view, uint64_t before, uint32_t limit);
/// All there is of the position; a fresh one when the store is new.
Result<records::Position> read_position(const View& view);
Result<std::vector<StoredDefinition>> read_definitions(const View& view);

/// The record of this dedup key that expires last, under these hours; null: none.
Result<DedupRecordPtr> read_key(const View& view, const DedupKey& key,
                                const std::vector<uint32_t>& hours);

/// The key one greater than this id's: what follows it in any order by id.
Id after(Id id);

}  // namespace penstock::queue
