// What a run wants done in the world, and what it hears of it, as values. Each effect has an
// ordinal, dense from 1 in the order in which the run asked: a replayed run asks again for the same
// things by the same ordinals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "executor/flow/error.h"
#include "executor/flow/node.h"
#include "executor/json/value.h"

namespace penstock::flow {

using Ordinal = uint32_t;

/// Perform a call; answered by a TaskResult. Seen again after a crash with the same ordinal, so
/// that the run's id and the ordinal make its idempotency key.
struct Call {
  Ordinal ordinal;
  const CallBody* body;  ///< lives as long as the machine
  const Node* node;
  json::Value input;    ///< the task's transformed input, for URI templates
  json::Value with;     ///< evaluated
  json::Value secrets;  ///< those the workflow may use, for authentications by name
};
/// Say when it is `due_ms`; answered by Fired.
struct Timer {
  Ordinal ordinal;
  uint64_t due_ms;  ///< wall clock
};
/// Publish an event; answered by a TaskResult whose value does not matter.
struct Emit {
  Ordinal ordinal;
  json::Value event;  ///< a whole CloudEvent
};
/// Tell of events that match; each is answered by Heard, until Cancel.
struct Listen {
  Ordinal ordinal;
  const Node* node;
};
/// Find another workflow; answered by Loaded.
struct LoadWorkflow {
  Ordinal ordinal;
  std::string name, version;
};
/// Stop an effect that was asked for; nothing is answered.
struct Cancel {
  Ordinal ordinal;
};
/// Keep this record; answered by stored().
struct Journal {
  uint32_t sequence;
  std::string record;
};
/// The run has more to compute: let others have a turn, then call resume().
struct Yield {};
/// Answer the caller now: { status, contentType, headers, body }, all but the body optional. The run
/// goes on. Asked for again by a replay; the first one counts.
struct Reply {
  json::Value answer;
};
/// The run is over. The machine gives nothing more.
struct Finish {
  bool succeeded = false;
  json::Value output;
  Error error;
  std::optional<json::Value> reply = {};  ///< what to answer instead of the output, as in Reply
};

using Effect =
    std::variant<Call, Timer, Emit, Listen, LoadWorkflow, Cancel, Journal, Yield, Reply, Finish>;
using Effects = std::vector<Effect>;

// --- answers ---

/// A timer's time has come.
struct Fired {};
/// An event came that a listener may want.
struct Heard {
  json::Value event;
  std::optional<uint32_t> sequence = {};  ///< its place in the run's inbox, where there is one
};
/// The workflow that was looked for; `version` is what the journal remembers.
struct Loaded {
  ProgramPtr program;
  std::string version;
};
using TaskResult = std::variant<json::Value, Error, Fired, Heard, Loaded>;

}  // namespace penstock::flow
