// An HTTP reply as a task's result: the language's `content`, `raw` and `response` forms, and the
// rule which statuses are errors. Pure.
#pragma once

#include <string_view>

#include "executor/flow/effect.h"
#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// Why there is no reply, as an error of the language.
flow::Error error_of(const HttpReply& reply);
/// The task's result. `sent` is shown in the `response` form, without what authenticates.
flow::TaskResult http_result(const HttpRequest& sent, const HttpReply& reply, std::string_view form,
                             bool redirect);
/// The body as a value: JSON parsed, text as a string, other bytes as base64.
std::variant<json::Value, flow::Error> content_of(const HttpReply& reply);

}  // namespace penstock::executor
