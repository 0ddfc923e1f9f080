// What the loop wants read from the store, as values, and the answers. perform() does one job on
// the calling thread: the reader's, or a test's. Plain data otherwise.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "queue/batch.h"
#include "queue/dedup_key.h"
#include "queue/run.h"
#include "queue/store.h"
#include "queue/types.h"

namespace penstock::queue {

/// Bring back a due run: its event, its journal, its stream, and its inbox from `inbox_from` on.
struct LoadRun { Id id; bool inbox = false; uint32_t inbox_from = 0; };
/// Read queued events into the window, from `from` to `last`, both included.
struct Refill { Id from, last; size_t events_max, bytes_max; };
/// Is this id, which memory does not know, a queued run? For its cancellation.
struct LookUp { Id id; Cookie cookie; };
/// The gateway asks for one run.
struct ReadRun { Id id; bool with_journal; Cookie cookie; bool again = false; };
/// The gateway asks for a part of a run's stream.
struct ReadStream { Id id; uint32_t from; size_t bytes_max; Cookie cookie; };
/// The gateway asks for a part of the audit log.
struct ReadAudit { uint64_t before; uint32_t limit; Cookie cookie; };
/// The gateway asks for a page; `only` are the ids to choose from when memory knows them.
struct ReadList { ListQuery query; Cookie cookie; std::optional<std::vector<Id>> only; };
/// What has outlived its retention? Goes on from the places the last sweep reached.
struct SweepRetention {
  Id low_water;
  uint64_t results_before_ms, events_before_ms;  ///< wall clock
  Id results_from;
  // Of the results that say when they expire: none that finished since the first can have …
  uint64_t shortest_before_ms = 0;
  uint64_t now_ms = 0;  ///< … and these have
};
/// Who used this dedup key first? It may be stored under these hours of expiry.
struct ReadKey { DedupKey key; std::vector<uint32_t> hours; };
using ReadJob =
    std::variant<LoadRun, Refill, LookUp, ReadRun, ReadStream, ReadAudit, ReadList, SweepRetention,
                 ReadKey>;

/// The answer to LoadRun, LookUp and ReadRun.
struct RunAnswer { Status status; RunRead read; };
struct BacklogEvent { EventPtr event; RunLabels labels; };
struct RefillAnswer {
  Status status;
  std::vector<BacklogEvent> events;
  Id next;              ///< where to go on
  bool at_end = false;  ///< nothing is left up to `last`
};
struct StreamAnswer { Status status; StreamPage page; };
struct ListAnswer { Status status; ListPage page; };
struct AuditAnswer { Status status; AuditPage page; };
struct SweepAnswer {
  Status status;
  std::vector<IdRange> results, events;
  std::vector<std::pair<Id, ResultPtr>> remains;  ///< what stays of results that expired early
  Id results_next;
  bool more = false;    ///< the bound on one sweep was reached
};
/// The newest record of the key; null: none.
struct KeyAnswer { Status status; DedupRecordPtr record; };
using ReadAnswer = std::variant<RunAnswer, RefillAnswer, StreamAnswer, AuditAnswer, ListAnswer,
                                SweepAnswer, KeyAnswer>;

struct ReadReply { ReadJob job; ReadAnswer answer; };

/// Does the job on a fresh view of the store.
ReadReply perform(const Store& store, ReadJob job);

}  // namespace penstock::queue
