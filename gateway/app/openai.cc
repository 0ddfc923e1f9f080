#include "gateway/app/openai.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Kind = OpenAiRoute::Kind;

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

OpenAiRoute OpenAiRoute::of(std::string_view path) {
  if (path == "/v1/chat/completions") return {Kind::kChat, {}};
  if (path == "/v1/responses") return {Kind::kResponses, {}};
  if (path == "/v1/models") return {Kind::kModels, {}};
  static constexpr std::string_view kModel = "/v1/models/", kResponse = "/v1/responses/";
  if (path.starts_with(kModel)) return {Kind::kModels, path.substr(kModel.size())};
  if (!path.starts_with(kResponse)) return {};
  path.remove_prefix(kResponse.size());
  if (!path.ends_with("/cancel")) return {Kind::kResponse, path};
  path.remove_suffix(std::string_view("/cancel").size());
  return {Kind::kCancel, path};
}

static bool flag_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::variant<OpenAiCall, Rejected> OpenAiCall::of(const OpenAiRoute& route, std::string_view body) {
  const Json request = Json::parse(body, nullptr, false);
  if (!request.is_object()) return Rejected{Code::kBadRequest, "The body must be a JSON object."};
  OpenAiCall call;
  call.chat = route.kind == Kind::kChat;
  call.stream = flag_in(request, "stream");
  call.background = !call.chat && flag_in(request, "background");
  const auto options = request.find("stream_options");
  if (options != request.end() && options->is_object())
    call.include_usage = flag_in(*options, "include_usage");
  const auto model = request.find("model");
  if (model != request.end() && model->is_string()) call.model = model->get<std::string>();
  return call;
}

static std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static std::optional<std::string> text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

static uint64_t count_at(const Json& object, const char* name, const char* other) {
  for (const char* each : {name, other})
    if (const auto found = object.find(each); found != object.end() && found->is_number_unsigned())
      return found->get<uint64_t>();
  return 0;
}

/// The message in an output: its own `message`, or a whole chat completion's.
static const Json* message_in(const Json& output) {
  if (const auto message = output.find("message"); message != output.end() && message->is_object())
    return &*message;
  const auto choices = output.find("choices");
  if (choices == output.end() || !choices->is_array() || choices->empty()) return nullptr;
  const auto message = choices->front().find("message");
  return message != choices->front().end() && message->is_object() ? &*message : nullptr;
}

static void read_message(const Json& output, Spoken& spoken) {
  const Json* message = message_in(output);
  const Json& said = message ? *message : output;
  std::optional<std::string> text = text_at(said, "content");
  if (!text) text = text_at(output, "text");
  if (!text) text = text_at(output, "output_text");
  const auto calls = said.find("tool_calls");
  if (calls != said.end() && calls->is_array() && !calls->empty()) {
    spoken.tool_calls = dump(*calls);
    spoken.finish_reason = "tool_calls";
  }
  if (auto reason = text_at(output, "finish_reason")) spoken.finish_reason = *std::move(reason);
  const bool whole = !text && spoken.tool_calls.empty();
  spoken.text = text ? *std::move(text) : whole ? dump(output) : "";
  if (const auto usage = output.find("usage"); usage != output.end() && usage->is_object()) {
    spoken.prompt_tokens = count_at(*usage, "prompt_tokens", "input_tokens");
    spoken.completion_tokens = count_at(*usage, "completion_tokens", "output_tokens");
  }
}

Spoken Spoken::of(const records::Outcome& outcome) {
  Spoken spoken;
  spoken.finish_reason = "stop";
  const bool is_json =
      outcome.content_type().empty() || outcome.content_type().find("json") != std::string::npos;
  const Json output = is_json ? Json::parse(outcome.body(), nullptr, false) : Json();
  if (output.is_string())
    spoken.text = output.get<std::string>();
  else if (output.is_object())
    read_message(output, spoken);
  else
    spoken.text = outcome.body();
  if (outcome.usage_size() == 0) return spoken;
  spoken.prompt_tokens = spoken.completion_tokens = 0;
  for (const records::Usage& usage : outcome.usage()) {
    spoken.prompt_tokens += usage.prompt_tokens();
    spoken.completion_tokens += usage.completion_tokens();
  }
  return spoken;
}

static std::string hex_of(const Id& id) {
  std::string text = id.text();
  std::erase(text, '-');
  return text;
}

std::string chat_id(const Id& id) {
  return "chatcmpl-" + hex_of(id);
}
std::string response_id(const Id& id) {
  return "resp_" + hex_of(id);
}

std::optional<Id> id_of_response(std::string_view text) {
  if (!text.starts_with("resp_") || text.size() != 37) return std::nullopt;
  std::string dashed(text.substr(5));
  for (const size_t at : {8u, 13u, 18u, 23u}) dashed.insert(at, "-");
  return Id::from_text(dashed);
}

}  // namespace penstock::gateway
