// Workflows as models: how a delivery to /hooks/{token}/v1/chat/completions or …/v1/responses asks,
// and how its run's reply looks in the words of OpenAI's API, errors included. Pure.
//
// A reply's text is the workflow's output where that is a string, else its message.content, content,
// text or output_text, else its JSON. A message with tool_calls is handed on whole.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/http/exchange.h"
#include "proto/id.h"
#include "queue/types.h"

namespace penstock::gateway {

/// What lies below /hooks/{token}.
struct OpenAiRoute {
  enum class Kind : uint8_t { kNone, kChat, kResponses, kResponse, kCancel, kModels };
  Kind kind = Kind::kNone;
  std::string_view name;  ///< kResponse, kCancel: the response's id; kModels: a model's, or none

  static OpenAiRoute of(std::string_view hook_path);
  /// A request for a new run, not about one.
  bool starts() const { return kind == Kind::kChat || kind == Kind::kResponses; }
};

/// A request for a new run.
struct OpenAiCall {
  bool chat = true;  ///< chat completions; else responses
  bool stream = false, include_usage = false, background = false;
  std::string model;

  /// Of a body that is JSON.
  static std::variant<OpenAiCall, Rejected> of(const OpenAiRoute& route, std::string_view body);
};

/// What is said of usage and text in either API.
struct Spoken {
  std::string text;
  std::string tool_calls;     ///< a JSON array, or empty
  std::string finish_reason;  ///< stop, tool_calls, or what the model said
  uint64_t prompt_tokens = 0, completion_tokens = 0;

  static Spoken of(const records::Outcome& outcome);
};

std::string chat_id(const Id& id);
std::string response_id(const Id& id);
/// The run behind a response's id.
std::optional<Id> id_of_response(std::string_view text);

/// The error object, and the answer that carries it.
std::string openai_error_json(const records::Outcome& outcome);
Response openai_error(uint16_t status, std::string_view message, std::string_view code,
                      bool retryable);
/// A problem of ours in their shape, with its status and header fields.
Response openai_refusal(Response problem);

/// A JSON object {…} of the Responses API; `outcome` null: not ended.
std::string response_json(const Id& id, std::string_view model, records::RunStatus status,
                          const records::Outcome* outcome);
/// `usage` of chat completions.
std::string chat_usage_json(const Spoken& spoken);

/// The plain reply of a run that has one, or its error.
Response openai_reply(const OpenAiCall& call, const Id& id, const records::Outcome& outcome);
/// What is answered when the wait is over first: a response under way, or 504.
Response openai_late(const OpenAiCall& call, const Id& id, records::RunStatus status);

/// A JSON string.
std::string json_quoted(std::string_view text);

}  // namespace penstock::gateway
