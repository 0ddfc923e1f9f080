// Callers who left before their reply: what becomes of their runs, as the trigger says. The run goes
// on, or is cancelled at once, or after a while in which nobody asked for it again.
//
// Loop thread. Pure but for its list: the caller cancels what take_due() names.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/id.h"
#include "proto/records.pb.h"

namespace penstock::gateway {

struct HangUp {
  enum class Policy : uint8_t { kContinue, kCancel, kGrace };
  Policy policy = Policy::kContinue;
  uint64_t grace_ms = 0;

  static HangUp of(const records::TriggerDefinition& trigger);
};

/// Who left, and what was to happen then.
struct Departure { Id id; HangUp hang_up; };

class HangUps {
 public:
  /// A caller of this run left.
  void left(const Departure& departure, uint64_t now_ms);
  /// Somebody asks for it again, or it has ended.
  void returned(Id id);
  /// The runs whose time is up, each once.
  std::vector<Id> take_due(uint64_t now_ms);
  /// UINT64_MAX: none.
  uint64_t next_ms() const { return by_time_.empty() ? UINT64_MAX : by_time_.begin()->first; }

 private:
  std::multimap<uint64_t, Id> by_time_;
  std::unordered_map<Id, std::multimap<uint64_t, Id>::iterator> by_id_;
};

}  // namespace penstock::gateway
