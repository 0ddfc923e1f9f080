// A run's end as the gateway keeps it.
#pragma once

#include <vector>

#include "executor/flow/effect.h"
#include "executor/flow/trace.h"
#include "proto/records.pb.h"

namespace penstock::executor {

/// Too large an output is an error of its own (limits::result_bytes_max).
void fill_outcome(const flow::Finish& finish, const std::vector<flow::Trace>& tasks,
                  records::Outcome& out);
void fill_error(const flow::Error& error, records::Outcome& out);
std::string_view task_status_word(flow::TaskStatus status);

}  // namespace penstock::executor
