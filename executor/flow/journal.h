// The records of a run's journal: JSON texts that are opaque to everyone else. The first says when
// the run began; each further one is an effect's result, in the order in which the run heard of
// them. Reading them back in that order makes the same run again.
//
//   {"v":1,"start":MS}
//   {"n":ORDINAL,"at":MS,"out":VALUE}     {"n":…,"at":…,"err":{…}}
//   {"n":…,"at":…,"fired":true}  {"n":…,"at":…,"heard":EVENT,"seq":PLACE IN THE INBOX}
//   {"n":…,"at":…,"load":"VERSION"}
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executor/flow/effect.h"
#include "proto/status.h"

namespace penstock::flow {

struct JournalRecord {
  std::optional<uint64_t> start_ms;  ///< set: the first record, and nothing else is
  Ordinal ordinal = 0;
  uint64_t at_ms = 0;
  TaskResult result;  ///< Loaded: without its program
};

std::string start_record(uint64_t now_ms);
std::string result_record(Ordinal ordinal, uint64_t at_ms, const TaskResult& result);
/// kCorrupt: not a record of ours, or of a later version.
Result<JournalRecord> read_record(std::string_view text);

}  // namespace penstock::flow
