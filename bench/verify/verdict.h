// What became of the acknowledged events, added up one answer at a time. Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/verify/run_state.h"

namespace penstock::bench {

/// An event that is not as it should be, for people.
struct Finding {
  uint64_t seq;
  Id run;
  std::string what;
};

struct Verdict {
  static constexpr size_t findings_max = 20;

  uint64_t asked = 0;
  uint64_t lost = 0;        ///< acknowledged, but the server does not know it
  uint64_t expired = 0;     ///< kept for its time and gone
  uint64_t mismatched = 0;  ///< the server answers with something else
  uint64_t unreadable = 0;  ///< neither a run nor a clear no: the question stays open
  uint64_t doubled = 0;     ///< several runs for one event, or one for several
  uint64_t not_ended = 0;
  uint64_t captured = 0;
  uint64_t succeeded = 0;
  uint64_t failed = 0;
  uint64_t cancelled = 0;
  uint64_t dead = 0;
  uint64_t rerun = 0;  ///< took more than one attempt: allowed, at least once
  std::vector<Finding> findings;

  /// Whether every event was found, once, as it was sent.
  bool whole() const { return lost + expired + mismatched + unreadable + doubled == 0; }
  void note(uint64_t seq, const Id& run, std::string what);
};

/// Judges one answer. `tag` "": not checked. Returns false when the run has not ended: ask again.
bool judge(Verdict& verdict, uint64_t seq, const Id& run, int http_status,
           const std::optional<RunState>& state, const std::string& tag);

}  // namespace penstock::bench
