// Who must be looked at when. Each kind of deadline has one duration, so a list in order of
// arrival is a list in order of expiry, and a connection's timer costs it two pointers.
//
// Lifecycle: nodes are linked while they wait and unlink themselves when destroyed; they must not
// move. Thread: the loop's. Pure: times are given, nothing is armed here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace penstock::gateway {

enum class Deadline : uint8_t { kNone, kHead, kBody, kKeepAlive, kLinger, kWrite };
inline constexpr size_t deadline_kinds = 6;

class DeadlineNode {
 public:
  DeadlineNode() = default;
  ~DeadlineNode() { unlink(); }
  DeadlineNode(const DeadlineNode&) = delete;
  DeadlineNode& operator=(const DeadlineNode&) = delete;
  Deadline deadline() const { return kind_; }

 private:
  friend class Deadlines;
  void unlink();

  DeadlineNode* before_ = this;
  DeadlineNode* after_ = this;
  uint64_t at_ms_ = 0;
  Deadline kind_ = Deadline::kNone;
};

class Deadlines {
 public:
  static constexpr uint64_t never = UINT64_MAX;
  using Durations = std::array<uint64_t, deadline_kinds>;

  /// `durations`: milliseconds by kind.
  explicit Deadlines(const Durations& durations) : durations_(durations) {}

  /// Starts the kind's full duration anew; kNone: waits for nothing.
  void set(DeadlineNode& node, Deadline kind, uint64_t now_ms);
  /// Unlinks and returns one that is due (its deadline() then tells no kind); nullptr: none.
  DeadlineNode* take_due(uint64_t now_ms, Deadline& kind);
  /// When the next one is due.
  uint64_t next_ms() const;

 private:
  Durations durations_;
  std::array<DeadlineNode, deadline_kinds> lists_;  ///< rings through a sentinel
};

}  // namespace penstock::gateway
