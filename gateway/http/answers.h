// The answers one connection owes, in the order of its requests. A later request may be answered
// first; its answer is held until its turn. Loop thread, no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/http/exchange.h"

namespace penstock::gateway {

/// One answer, from the moment its request's head is there.
struct Answer {
  enum class Phase : uint8_t {
    kReading,    ///< the request is not whole
    kWaiting,    ///< with the application
    kReady,      ///< `held` is the whole answer
    kStreaming,  ///< the application adds pieces
    kStreamed,   ///< it has added the last one
  };

  Phase phase = Phase::kReading;
  bool head_only = false;     ///< to a HEAD
  bool http_1_0 = false;      ///< no chunks: a streamed body ends with the connection
  bool close = false;         ///< the connection ends behind it
  bool continue_due = false;  ///< 100 Continue when it is its turn
  bool head_out = false;      ///< streaming: the head has left
  std::unique_ptr<Response> held;
};

class Answers {
 public:
  /// Opens the next one and returns its sequence.
  uint32_t open(Answer answer);
  /// The answer of that sequence, nullptr when it has left or never was.
  Answer* find(uint32_t sequence);
  Answer* front() { return queue_.empty() ? nullptr : &queue_.front(); }
  Answer* back() { return queue_.empty() ? nullptr : &queue_.back(); }
  void pop();
  /// The sequence of back().
  uint32_t last_sequence() const { return first_ + static_cast<uint32_t>(queue_.size() - 1); }
  /// The bytes of answers that are held for their turn.
  size_t held_bytes() const;
  /// Forgets all of them.
  void clear();
  /// The sequences of those that the application still has.
  std::vector<uint32_t> with_application() const;

  size_t size() const { return queue_.size(); }
  bool empty() const { return queue_.empty(); }

 private:
  std::vector<Answer> queue_;  ///< short: pipelined_requests_max bounds it
  uint32_t first_ = 0;         ///< the sequence of queue_[0]
};

}  // namespace penstock::gateway
