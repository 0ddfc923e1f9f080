// What to do next after each answer, by target. Pure: it takes facts and returns a decision.
#pragma once

#include <cstdint>

#include "bench/load/options.h"

namespace penstock::bench {

/// What an answer answers.
enum class Asked : uint8_t { kPost, kResult, kEvents };

/// How the reading of a run's event stream ended.
enum class StreamEnd : uint8_t { kNone, kResult, kError };

struct Answer {
  Asked asked = Asked::kPost;
  int status = 0;
  bool names_run = false;
  StreamEnd stream = StreamEnd::kNone;
};

enum class Next : uint8_t {
  kDone,          ///< all that was wanted has come
  kRunFailed,     ///< the run ended, but not in a reply
  kRefused,       ///< no 2xx
  kCannotFollow,  ///< accepted, but what should follow cannot be had
  kAskResult,     ///< GET …/result now
  kAskLater,      ///< GET …/result after the poll's pause
  kReadEvents,    ///< GET …/events now
};

Next next_step(Target target, const Answer& answer);

}  // namespace penstock::bench
