// JSON-RPC 2.0, as MCP and A2A speak it. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "executor/flow/error.h"
#include "executor/json/value.h"

namespace penstock::executor {

/// `id` 0: a notification. Null parameters are left out.
json::Value rpc_request(int64_t id, std::string_view method, const json::Value& parameters);
/// The result in an answer to request `id`, or its error as the language has it, `runtime`.
/// nullopt: this is no answer to it.
std::optional<std::variant<json::Value, flow::Error>> rpc_result(const json::Value& message,
                                                                 int64_t id);

}  // namespace penstock::executor
