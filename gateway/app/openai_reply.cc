// Replies and errors in the words of OpenAI's API.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/app/openai.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static std::string_view error_type(uint16_t status) {
  if (status == 401 || status == 403) return "authentication_error";
  if (status == 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

static std::string error_json(uint16_t status, std::string_view message, std::string_view code) {
  return fmt::format(R"({{"message":{},"type":"{}","param":null,"code":"{}"}})",
                     json_quoted(message), error_type(status), code);
}

Response openai_error(uint16_t status, std::string_view message, std::string_view code,
                      bool retryable) {
  Response answer;
  answer.status = status;
  // Their clients send again by themselves: not what would only run the workflow twice.
  answer.headers = fmt::format("x-should-retry: {}\r\n", retryable);
  answer.body = "{\"error\":" + error_json(status, message, code) + "}\n";
  return answer;
}

Response openai_refusal(Response problem) {
  const Json told = Json::parse(problem.body, nullptr, false);
  if (problem.status < 400 || !told.is_object() || !told.contains("code")) return problem;
  const std::string detail = told.value("detail", told.value("title", std::string("refused")));
  Response answer = openai_error(problem.status, detail, told.value("code", std::string("error")),
                                 told.value("retryable", false));
  answer.headers += problem.headers;
  answer.close = problem.close;
  return answer;
}

static uint16_t status_of_failure(const records::Outcome& outcome) {
  const uint32_t inner = outcome.error().status();
  if (outcome.status() == records::CANCELLED) return 409;
  const bool fits = outcome.status() == records::FAILED && inner >= 400 && inner <= 599;
  return fits ? static_cast<uint16_t>(inner) : 502;
}

static std::string_view message_of_failure(const records::Outcome& outcome) {
  if (outcome.status() == records::CANCELLED) return "The run was cancelled.";
  const records::WorkflowError& error = outcome.error();
  return !error.detail().empty()  ? error.detail()
         : !error.title().empty() ? error.title()
                                  : std::string_view("The workflow failed.");
}

static std::string_view code_of_failure(const records::Outcome& outcome) {
  if (outcome.status() == records::CANCELLED) return "cancelled";
  return outcome.status() == records::DEAD ? "run_dead" : "workflow_failed";
}

std::string openai_error_json(const records::Outcome& outcome) {
  return error_json(status_of_failure(outcome), message_of_failure(outcome),
                    code_of_failure(outcome));
}

std::string chat_usage_json(const Spoken& spoken) {
  return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})",
                     spoken.prompt_tokens, spoken.completion_tokens,
                     spoken.prompt_tokens + spoken.completion_tokens);
}

static std::string chat_json(const OpenAiCall& call, const Id& id, const Spoken& spoken) {
  std::string message = "{\"role\":\"assistant\",\"content\":";
  message += spoken.text.empty() && !spoken.tool_calls.empty() ? "null" : json_quoted(spoken.text);
  message += ",\"refusal\":null";
  if (!spoken.tool_calls.empty()) message += ",\"tool_calls\":" + spoken.tool_calls;
  return fmt::format(
      R"({{"id":"{}","object":"chat.completion","created":{},"model":{},)"
      R"("choices":[{{"index":0,"message":{}}},"logprobs":null,"finish_reason":{}}}],)"
      R"("usage":{}}})",
      chat_id(id), id.time_ms() / 1000, json_quoted(call.model), message,
      json_quoted(spoken.finish_reason), chat_usage_json(spoken));
}

static std::string_view response_status(records::RunStatus status) {
  switch (status) {
    case records::QUEUED:
      return "queued";
    case records::SUCCEEDED:
      return "completed";
    case records::CANCELLED:
      return "cancelled";
    case records::FAILED:
    case records::DEAD:
      return "failed";
    default:
      return "in_progress";
  }
}

/// The items of `output`: the message, and the functions it calls.
static Json response_output(const Id& id, const Spoken& spoken) {
  Json output = Json::array();
  const std::string stem = response_id(id).substr(5);
  if (!spoken.text.empty() || spoken.tool_calls.empty())
    output.push_back({{"id", "msg_" + stem},
                      {"type", "message"},
                      {"status", "completed"},
                      {"role", "assistant"},
                      {"content", Json::array({{{"type", "output_text"},
                                                {"text", spoken.text},
                                                {"annotations", Json::array()}}})}});
  const Json calls = Json::parse(spoken.tool_calls, nullptr, false);
  if (!calls.is_array()) return output;
  for (const Json& call : calls) {
    const Json function =
        call.is_object() ? call.value("function", Json::object()) : Json::object();
    if (!function.is_object()) continue;
    output.push_back({{"id", "fc_" + stem + std::to_string(output.size())},
                      {"type", "function_call"},
                      {"status", "completed"},
                      {"call_id", call.value("id", Json(""))},
                      {"name", function.value("name", Json(""))},
                      {"arguments", function.value("arguments", Json(""))}});
  }
  return output;
}

std::string response_json(const Id& id, std::string_view model, records::RunStatus status,
                          const records::Outcome* outcome) {
  const bool done = outcome && status == records::SUCCEEDED;
  Json response = {{"id", response_id(id)},
                   {"object", "response"},
                   {"created_at", id.time_ms() / 1000},
                   {"status", response_status(status)},
                   {"error", nullptr},
                   {"incomplete_details", nullptr},
                   {"instructions", nullptr},
                   {"metadata", Json::object()},
                   {"model", model},
                   {"output", Json::array()},
                   {"parallel_tool_calls", true},
                   {"tool_choice", "auto"},
                   {"tools", Json::array()},
                   {"temperature", nullptr},
                   {"top_p", nullptr},
                   {"usage", nullptr}};
  if (done) {
    const Spoken spoken = Spoken::of(*outcome);
    response["output"] = response_output(id, spoken);
    response["usage"] = {{"input_tokens", spoken.prompt_tokens},
                         {"input_tokens_details", {{"cached_tokens", 0}}},
                         {"output_tokens", spoken.completion_tokens},
                         {"output_tokens_details", {{"reasoning_tokens", 0}}},
                         {"total_tokens", spoken.prompt_tokens + spoken.completion_tokens}};
  } else if (outcome && status != records::CANCELLED) {
    response["error"] = {{"code", "server_error"}, {"message", message_of_failure(*outcome)}};
  }
  return response.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static void add_run(Response& answer, const Id& id) {
  answer.headers += "Penstock-Run: " + id.text() + "\r\nx-request-id: " + id.text() + "\r\n";
}

Response openai_reply(const OpenAiCall& call, const Id& id, const records::Outcome& outcome) {
  Response answer;
  if (outcome.status() != records::SUCCEEDED)
    answer = openai_error(status_of_failure(outcome), message_of_failure(outcome),
                          code_of_failure(outcome), outcome.retryable());
  else if (call.chat)
    answer.body = chat_json(call, id, Spoken::of(outcome)) + "\n";
  else
    answer.body = response_json(id, call.model, outcome.status(), &outcome) + "\n";
  add_run(answer, id);
  return answer;
}

Response openai_late(const OpenAiCall& call, const Id& id, records::RunStatus status) {
  Response answer;
  if (call.chat)
    answer = openai_error(504, "The reply takes longer; the run goes on as " + id.text() + ".",
                          "timeout", false);
  else
    answer.body = response_json(id, call.model, status, nullptr) + "\n";
  add_run(answer, id);
  return answer;
}

}  // namespace penstock::gateway
