// What the world's outsiders were told, over all lives of the service: by this the promises are
// judged. Every check reads the store itself, not the service.
#pragma once

#include <map>
#include <set>
#include <string>

#include "queue/memory_store.h"
#include "queue/types.h"

namespace penstock::world {

struct Sent {
  std::string body;
  bool captured = false, memory_only = false;
  uint32_t attempts_max = 0;
  bool acked = false;
  bool ended = false;               ///< an Ended action was seen
  std::map<uint32_t, std::string> journalled;  ///< entries said to be stored
  uint32_t streamed = 0;            ///< pieces said to be stored
  uint32_t reply_piece = 0;         ///< of the early reply, from 1
};

class Ledger {
 public:
  Ledger(queue::MemoryStore& store, bool retention) : store_(store), retention_(retention) {}

  std::map<Id, Sent> sent;

  // Each checks one promise at the moment something leaves the service.
  void check(const queue::Accepted& action);
  void check(const queue::Dispatch& action);
  /// The worker it was for is gone.
  void undelivered(const queue::Dispatch& action) { overtaken_.erase(action.fence); }
  void check(const queue::JournalStored& action);
  void check(const queue::PieceStored& action);
  void check(const queue::Waits&) {}
  void check(const queue::Ended& action);
  void check(const queue::CancelAnswered& action);
  void check(const queue::CancelRun& action) { overtaken_.erase(action.fence); }
  void check(const queue::Defined&) {}

  /// The store's own sum: position against what is really there, and the low water.
  void check_store();
  /// After a turn's actions: nobody was left working on what has ended.
  void check_overtaken();
  /// Everything that was acknowledged has its one durable end.
  void check_all_ended() const;
 private:
  bool stored(Id id) const;
  queue::ResultPtr result(Id id) const;

  queue::MemoryStore& store_;
  const bool retention_;
  uint64_t checked_ = 0;            ///< the commit that check_store() saw last
  std::set<uint64_t> fences_;
  std::map<Id, uint64_t> newest_fence_;
  std::set<uint64_t> overtaken_;    ///< dispatched with the end already durable; to be called off
  std::map<Id, std::string> results_;  ///< as first seen; they must never change
};

}  // namespace penstock::world
