// What GET /v1/runs/{id} says, as far as verifying needs it. simdjson stays in run_state.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proto/id.h"

namespace penstock::bench {

struct RunState {
  enum class Status : uint8_t {
    kCaptured,
    kQueued,
    kRunning,
    kWaiting,
    kSucceeded,
    kFailed,
    kCancelled,
    kDead
  };
  Id id;
  Status status = Status::kQueued;
  uint64_t attempts = 0;
  std::string tag;

  /// Whether it will not change any more.
  bool settled() const { return status == Status::kCaptured || status >= Status::kSucceeded; }
};

/// Reads many, reusing its memory. One thread.
class RunStateReader {
 public:
  RunStateReader();
  ~RunStateReader();
  /// nullopt: the text is not the JSON of a run.
  std::optional<RunState> read(std::string_view text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace penstock::bench
