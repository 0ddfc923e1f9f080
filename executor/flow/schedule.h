// When a workflow starts by itself: its `schedule` in the gateway's words, and which of the events
// that it waits for a given one is. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "executor/flow/node.h"
#include "executor/jq/jq.h"
#include "executor/json/value.h"
#include "proto/records.pb.h"

namespace penstock::flow {

/// The literal parts of what a listener looks for; no filters: every event.
records::EventFilters filters_of(const ListenBody& listen);

/// Empty when there is no schedule. `read` and the filters are those of `schedule.on`.
records::Schedule schedule_of(const Program& program);

struct StartMatch {
  std::vector<uint32_t> filters;  ///< of schedule.on, that the event fits
  std::string correlation;        ///< events with the same text belong together
};
/// Evaluates the conditions of schedule.on. What cannot be evaluated does not fit.
StartMatch match_start(const Program& program, const json::Value& event, jq::Runner& runner,
                       uint64_t now_ms);

}  // namespace penstock::flow
