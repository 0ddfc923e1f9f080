// What the world's outsiders were told, over all lives of the service: by this the promises are
// judged. Every check reads the store itself, not the service.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "queue/memory_store.h"
#include "queue/types.h"

namespace penstock::world {

struct Sent {
  std::string body;
  bool captured = false, memory_only = false;
  uint32_t attempts_max = 0;
  std::string key;                  ///< its dedup key
  uint64_t steady_ms = 0, ttl_ms = 0;
  std::string lane;
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
  std::map<uint64_t, Sent> asked;   ///< keyed deliveries by cookie: may yet be copies

  // Each checks one promise at the moment something leaves the service.
  void check(const queue::Accepted& action);
  void check(const queue::Dispatch& action);
  /// The worker it was for is gone.
  void undelivered(const queue::Dispatch& action) { overtaken_.erase(action.fence); }
  void check(const queue::JournalStored& action);
  void check(const queue::PieceStored& action);
  void check(const queue::Waits&) {}
  void check(const queue::Heard&) {}
  void check(const queue::Emitted&) {}
  void check(const queue::Signalled&) {}
  void check(const queue::Ended& action);
  void check(const queue::CancelAnswered& action);
  void check(const queue::CancelRun& action) { overtaken_.erase(action.fence); }
  void check(const queue::Defined&) {}
  void check(const queue::Duplicate& action);
  /// The key of a delivery that was acknowledged as a first one has no other first within its time.
  void check_key(Id id, uint64_t steady_ms);
  /// All of its lane that were acknowledged before it have ended for good.
  void check_lane(Id id) const;
  /// A keyed delivery became an event. False: that was known.
  bool adopt(uint64_t cookie, Id id);

  /// The store's own sum: position against what is really there, and the low water.
  void check_store();
  /// After a turn's actions: nobody was left working on what has ended.
  void check_overtaken();
  /// Everything that was acknowledged has its one durable end.
  void check_all_ended() const;
 private:
  /// What was sent as this event, also when nobody was told its id before a crash.
  Sent& known(Id id, std::string_view body);
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
