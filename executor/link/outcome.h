// A run's end as the gateway keeps it.
#pragma once

#include <vector>

#include "executor/flow/effect.h"
#include "executor/flow/trace.h"
#include "executor/flow/usage.h"
#include "proto/records.pb.h"

namespace penstock::executor {

/// Too large an output is an error of its own (limits::result_bytes_max).
void fill_outcome(const flow::Finish& finish, const std::vector<flow::Trace>& tasks,
                  records::Outcome& out);
/// An answer of flow::Reply's form.
void fill_reply(const json::Value& answer, records::Outcome& out);
/// What calls of models used.
void fill_usage(const flow::UsageLog& usage, records::Outcome& out);
void fill_error(const flow::Error& error, records::Outcome& out);
std::string_view task_status_word(flow::TaskStatus status);

}  // namespace penstock::executor
