#include "executor/link/outcome.h"

#include "proto/limits.h"

namespace penstock::executor {

std::string_view task_status_word(flow::TaskStatus status) {
  switch (status) {
    case flow::TaskStatus::kRunning:
      return "running";
    case flow::TaskStatus::kSucceeded:
      return "succeeded";
    case flow::TaskStatus::kFailed:
      return "failed";
    case flow::TaskStatus::kSkipped:
      return "skipped";
    case flow::TaskStatus::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

void fill_error(const flow::Error& error, records::Outcome& out) {
  out.set_status(records::FAILED);
  records::WorkflowError& made = *out.mutable_error();
  made.set_type(error.type);
  made.set_status(error.status);
  made.set_title(error.title);
  made.set_detail(error.detail);
  made.set_instance(error.instance);
  out.set_retryable(error.retryable);
}

void fill_reply(const json::Value& answer, records::Outcome& out) {
  const json::Value type = answer.get("contentType"), headers = answer.get("headers");
  out.set_status(records::SUCCEEDED);
  out.set_content_type(type.is_string() ? std::string(type.as_string()) : "application/json");
  out.set_http_status(static_cast<uint32_t>(answer.get("status").as_integer().value_or(0)));
  for (size_t i = 0; headers.is_object() && i < headers.size(); i++) {
    records::Header& header = *out.add_headers();
    header.set_name(std::string(headers.member(i).key.as_string()));
    header.set_value(std::string(headers.at(i).as_string()));
  }
  const json::Value body = answer.get("body");
  const bool is_json = out.content_type().find("json") != std::string::npos;
  if (body.is_string() && !is_json) out.set_body(std::string(body.as_string()));
  else body.write(*out.mutable_body());
}

void fill_usage(const flow::UsageLog& usage, records::Outcome& out) {
  for (const flow::ModelUsage& one : usage.models()) {
    records::Usage& made = *out.add_usage();
    made.set_model(one.model);
    made.set_prompt_tokens(one.prompt_tokens);
    made.set_completion_tokens(one.completion_tokens);
    made.set_calls(one.calls);
  }
}

void fill_outcome(const flow::Finish& finish, const std::vector<flow::Trace>& tasks,
                  records::Outcome& out) {
  if (finish.succeeded) {
    out.set_status(records::SUCCEEDED);
    out.set_content_type("application/json");
    if (finish.reply) fill_reply(*finish.reply, out);
    else finish.output.write(*out.mutable_body());
  } else {
    fill_error(finish.error, out);
  }
  if (out.body().size() > limits::result_bytes_max) {
    out.Clear();
    fill_error(flow::Error::of(flow::ErrorKind::kRuntime,
                               "the output is larger than " +
                                   std::to_string(limits::result_bytes_max >> 20) + " MiB"),
               out);
  }
  for (const flow::Trace& task : tasks) {
    if (task.node->reference.empty()) continue;  // the workflow itself
    records::TaskTrace& trace = *out.add_tasks();
    trace.set_name(task.node->name);
    trace.set_reference(task.node->reference);
    trace.set_started_at_ms(task.started_ms);
    trace.set_finished_at_ms(task.finished_ms);
    trace.set_attempts(task.attempts);
    const std::string_view word = task_status_word(task.status);
    trace.set_status(word.data(), word.size());
  }
}

}  // namespace penstock::executor
