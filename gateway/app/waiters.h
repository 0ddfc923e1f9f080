// Callers who wait for a run: held replies, result polls and status polls, by run, by exchange and
// by deadline.
//
// Loop thread. An entry leaves when its run ends (take), its time is up (take_expired) or its
// caller hangs up (remove). Bounded by limits::held_replies_max: full() is asked first.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/app/hang_ups.h"
#include "gateway/http/exchange.h"
#include "proto/id.h"
#include "queue/types.h"

namespace penstock::gateway {

struct ExchangeHash {
  size_t operator()(const ExchangeId& e) const {
    return (size_t{e.slot} << 32 | e.sequence) * 0x9e3779b97f4a7c15ull ^ e.generation;
  }
};

struct OpenAiCall;  // openai.h

struct Waiter {
  enum class Kind : uint8_t { kReply, kResult, kStatus };
  ExchangeId exchange;
  Kind kind = Kind::kReply;
  Id id;
  uint64_t deadline_ms = 0;                       ///< monotonic
  std::optional<uint32_t> applied_wait_s = {};    ///< from Prefer: said back
  std::shared_ptr<const queue::RunRead> read = {};  ///< kStatus: what was stored when it came
  HangUp hang_up = {};                              ///< kReply: what its going away means
  std::shared_ptr<const OpenAiCall> openai = {};    ///< wants the reply in that API's words
  std::string mark = {};                            ///< header lines of its answer
};

class Waiters {
 public:
  bool full() const;
  size_t size() const { return by_deadline_.size(); }
  void add(Waiter waiter);
  /// Its caller is gone; what it wanted for that case, where it waited.
  std::optional<Departure> remove(ExchangeId exchange);
  /// The same of a caller who may be gone: it stays.
  std::optional<Departure> departure(ExchangeId exchange) const;
  bool waiting_for(Id id) const { return by_id_.count(id) > 0; }
  /// All who wait for this run.
  std::vector<Waiter> take(Id id);
  /// Those of them who wait for its reply, not for its end.
  std::vector<Waiter> take_for_reply(Id id);
  std::vector<Waiter> take_expired(uint64_t now_ms);
  /// Everybody, for the drain.
  std::vector<Waiter> take_all();
  /// UINT64_MAX: nobody waits.
  uint64_t next_deadline_ms() const;

 private:
  using Deadlines = std::multimap<uint64_t, Waiter>;
  void unlink(Deadlines::iterator entry);

  Deadlines by_deadline_;
  std::unordered_multimap<Id, Deadlines::iterator> by_id_;
  std::unordered_map<ExchangeId, Deadlines::iterator, ExchangeHash> by_exchange_;
};

}  // namespace penstock::gateway
