// A whole simulated installation: one store that survives, one service that dies and comes back,
// executors that work, lie and vanish, a disk that lags and breaks, a clock that jumps. One seed
// replays it all. Single-threaded.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <vector>

#include "clock.h"
#include "ledger.h"
#include "ports.h"
#include "queue/service_impl.h"

namespace penstock::world {

/// Everything that can happen in a step.
enum class Event {
  kAccept, kAcceptCaptured, kAcceptMemory, kAcceptLater, kAcceptKeyed, kAcceptLane, kAcceptUrgent, kSetFlow, kTurn, kCommit, kRead, kJoin, kGone,
  kDrainWorker, kAlive, kSilence, kFinish, kFail, kStale, kJournal, kJournalAgain, kJournalGap,
  kPark, kPiece, kReply, kCancel, kCancelUnknown, kDefine, kReadRun, kList, kAdvance, kClockJump, kCrash,
  kDiskFails, kDiskFull, kCount
};

class World {
 public:
  World(uint64_t seed, queue::ServiceOptions options, bool retention);
  /// One random step; counts what really happened.
  void step();
  /// Everything heals; whatever was promised must now come about.
  void settle();

  std::vector<uint64_t> happened = std::vector<uint64_t>(static_cast<size_t>(Event::kCount));

 private:
  struct Lease { queue::WorkerId worker; uint64_t fence; uint32_t journal; };

  uint64_t pick(uint64_t below) { return std::uniform_int_distribution<uint64_t>(0, below - 1)(random_); }
  Id some_id();
  void open();
  void turn();
  void take(const queue::Action& action);
  void check_read(const queue::ReadDone& done);
  bool happen(Event event);
  bool accept(bool captured, bool memory_only, bool later, bool keyed = false);
  bool accept_keyed(queue::NewEvent event, Sent sent);
  bool accept_flow(bool lane);
  void set_flow();
  void check_flow(const queue::Dispatch& dispatch) const;
  /// A keyed delivery turns out to be a first one, under this id.
  void adopt(uint64_t cookie, Id id);
  /// The time by which keys expire.
  uint64_t steady_ms() const;
  bool work(Event event);
  bool work_on(Event event, Id id, Lease& lease);
  bool cancel(Id id);
  bool crash();

  std::mt19937_64 random_;
  WorldClock clock_;
  queue::ServiceOptions options_;
  bool retention_;
  queue::MemoryStore store_;
  Ledger ledger_;
  std::unique_ptr<queue::ServiceImpl> service_;
  WorldCommits* commits_ = nullptr;
  WorldReads* reads_ = nullptr;
  std::map<queue::WorkerId, bool> workers_;  ///< to: is it heard of
  queue::WorkerId next_worker_ = 1;
  std::map<Id, Lease> leases_;
  std::vector<std::pair<Id, uint64_t>> old_leases_;
  std::vector<Id> ids_;
  uint64_t last_cookie_ = 1000;
  queue::FlowLimits limits_;  ///< of trigger "limited"
  uint64_t started_wall_ms_ = 0, started_monotonic_ms_ = 0;
  Id newest_id_;  ///< given out by this life, or durable in an earlier one
};

}  // namespace penstock::world
