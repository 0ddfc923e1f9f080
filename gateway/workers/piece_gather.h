// Gathers the text of a run's stream into pieces worth a record each: the first one goes at once,
// what follows within some milliseconds goes together. Other pieces are never held.
//
// Loop thread. A run's flush() comes before anything else that is said of it is kept, so the order
// holds. Bounded by what a piece may have.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proto/id.h"
#include "proto/records.pb.h"

namespace penstock::gateway {

class PieceGather {
 public:
  struct Rules {
    size_t bytes;
    uint64_t ms;
  };
  /// Where a piece goes when it is whole.
  using Keep = std::function<void(Id id, uint64_t fence, records::StreamPiece piece)>;
  /// What the run's trigger says; asked once a run.
  using RulesOf = std::function<Rules(Id id)>;

  PieceGather(Keep keep, RulesOf rules_of)
      : keep_(std::move(keep)), rules_of_(std::move(rules_of)) {}

  void add(uint32_t worker, Id id, uint64_t fence, records::StreamPiece piece, uint64_t now_ms);
  void flush(Id id, uint64_t now_ms);
  /// Keeps what has waited long enough. When it next wants to be called; UINT64_MAX: not.
  uint64_t turn(uint64_t now_ms);
  /// The run is no longer with that worker: what is gathered is dropped.
  void forget(Id id);
  void forget_worker(uint32_t worker);

 private:
  struct Entry {
    uint32_t worker = 0;
    uint64_t fence = 0;
    Rules rules{};
    uint64_t kept_at_ms = 0;
    bool holding = false;
    records::StreamPiece piece;
  };
  using Entries = std::unordered_map<Id, Entry>;

  void keep(Entry& entry, Id id, uint64_t now_ms);

  Keep keep_;
  RulesOf rules_of_;
  Entries entries_;
  std::set<std::pair<uint64_t, Id>> due_;  ///< of those that hold something
};

}  // namespace penstock::gateway
