#include "gateway/app/openai_stream.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace penstock::gateway {

static Response stream_head(const Id& id) {
  Response head;
  head.content_type = "text/event-stream";
  head.headers = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nPenstock-Run: " + id.text() +
                 "\r\nx-request-id: " + id.text() + "\r\n";
  return head;
}

static constexpr std::string_view kAnew =
    R"({"message":"The text begins anew; ask again.","type":"server_error","param":null,"code":"restarted"})";

Response ChatForm::head() const {
  return stream_head(id_);
}

void ChatForm::chunk(std::string& out, std::string_view delta, std::string_view finish_reason) {
  out +=
      fmt::format(R"(data: {{"id":"{}","object":"chat.completion.chunk","created":{},"model":{},)"
                  R"("choices":[{{"index":0,"delta":{},"logprobs":null,"finish_reason":{}}}]{}}})"
                  "\n\n",
                  chat_id(id_), id_.time_ms() / 1000, json_quoted(call_.model), delta,
                  finish_reason.empty() ? "null" : json_quoted(finish_reason),
                  call_.include_usage ? ",\"usage\":null" : "");
}

void ChatForm::piece(uint32_t, const records::StreamPiece& piece, std::string& out) {
  if (piece.type() == "reply") {
    records::Outcome reply;
    reply.ParseFromString(piece.data());
    return finish(reply, out);
  }
  if (piece.type() == "restart" && said_) {
    out.append("data: {\"error\":").append(kAnew).append("}\n\n");
    over_ = true;
  }
  if (piece.type() != "delta") return;
  if (!std::exchange(said_, true)) chunk(out, R"({"role":"assistant","content":""})", "");
  chunk(out, "{\"content\":" + json_quoted(piece.data()) + "}", "");
}

/// Calls of tools as a delta has them: each with its place.
static std::string indexed(const std::string& tool_calls) {
  auto calls = nlohmann::ordered_json::parse(tool_calls, nullptr, false);
  size_t index = 0;
  for (auto& call : calls)
    if (call.is_object()) call["index"] = index++;
  return calls.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void ChatForm::finish(const records::Outcome& outcome, std::string& out) {
  over_ = true;
  const Spoken spoken = Spoken::of(outcome);
  if (!std::exchange(said_, true)) {
    chunk(out, R"({"role":"assistant","content":""})", "");
    if (!spoken.text.empty()) chunk(out, "{\"content\":" + json_quoted(spoken.text) + "}", "");
  }
  if (!spoken.tool_calls.empty())
    chunk(out, "{\"tool_calls\":" + indexed(spoken.tool_calls) + "}", "");
  chunk(out, "{}", spoken.finish_reason);
  if (call_.include_usage)
    out += fmt::format(R"(data: {{"id":"{}","object":"chat.completion.chunk","created":{},)"
                       R"("model":{},"choices":[],"usage":{}}})"
                       "\n\n",
                       chat_id(id_), id_.time_ms() / 1000, json_quoted(call_.model),
                       chat_usage_json(spoken));
  out += "data: [DONE]\n\n";
}

void ChatForm::end(const records::ResultRecord& result, std::string& out) {
  if (result.outcome().status() == records::SUCCEEDED) return finish(result.outcome(), out);
  out += "data: {\"error\":" + openai_error_json(result.outcome()) + "}\n\n";
  over_ = true;
}

std::optional<Response> ChatForm::instead(const records::ResultRecord& result) const {
  if (result.outcome().status() == records::SUCCEEDED) return std::nullopt;
  return openai_reply(call_, id_, result.outcome());
}

// Sequence numbers: created, in_progress, output_item.added, content_part.added; a number for each
// stored piece; then what ends it.
static constexpr int64_t kFirstPiece = 4;

Response ResponsesForm::head() const {
  return stream_head(id_);
}

void ResponsesForm::tell(std::string& out, std::string_view type, int64_t number,
                         std::string_view members) {
  if (number <= after_) return;
  out += fmt::format("event: {0}\ndata: {{\"type\":\"{0}\",\"sequence_number\":{1},{2}}}\n\n", type,
                     number, members);
}

void ResponsesForm::status(records::RunStatus, std::string& out) {
  if (std::exchange(begun_, true)) return;
  tell(out, "response.created", 0,
       "\"response\":" + response_json(id_, model_, records::QUEUED, nullptr));
  tell(out, "response.in_progress", 1,
       "\"response\":" + response_json(id_, model_, records::RUNNING, nullptr));
  tell(out, "response.output_item.added", 2,
       fmt::format(R"("output_index":0,"item":{{"id":"{}","type":"message","status":"in_progress",)"
                   R"("role":"assistant","content":[]}})",
                   item_id()));
  tell(out, "response.content_part.added", 3,
       fmt::format(R"("item_id":"{}","output_index":0,"content_index":0,"part":)"
                   R"({{"type":"output_text","text":"","annotations":[]}})",
                   item_id()));
}

void ResponsesForm::piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) {
  const int64_t number = kFirstPiece + sequence;
  if (piece.type() == "reply") {
    records::Outcome reply;
    reply.ParseFromString(piece.data());
    return finish(reply, number, out);
  }
  if (piece.type() == "restart" && said_) {
    tell(out, "error", number,
         R"("code":"restarted","message":"The text begins anew.","param":null)");
    over_ = true;
  }
  if (piece.type() != "delta") return;
  said_ = true;
  tell(out, "response.output_text.delta", number,
       fmt::format(R"("item_id":"{}","output_index":0,"content_index":0,"delta":{},"logprobs":[])",
                   item_id(), json_quoted(piece.data())));
}

void ResponsesForm::finish(const records::Outcome& outcome, int64_t number, std::string& out) {
  over_ = true;
  if (outcome.status() != records::SUCCEEDED) {
    const bool cancelled = outcome.status() == records::CANCELLED;
    return tell(out, cancelled ? "response.incomplete" : "response.failed", number,
                "\"response\":" + response_json(id_, model_, outcome.status(), &outcome));
  }
  const Spoken spoken = Spoken::of(outcome);
  const std::string text = json_quoted(spoken.text), item = item_id();
  const std::string place =
      fmt::format(R"("item_id":"{}","output_index":0,"content_index":0)", item);
  const std::string part = R"({"type":"output_text","text":)" + text + R"(,"annotations":[]})";
  if (!said_)
    tell(out, "response.output_text.delta", number,
         place + ",\"delta\":" + text + ",\"logprobs\":[]");
  tell(out, "response.output_text.done", number + 1,
       place + ",\"text\":" + text + ",\"logprobs\":[]");
  tell(out, "response.content_part.done", number + 2, place + ",\"part\":" + part);
  tell(out, "response.output_item.done", number + 3,
       fmt::format(R"("output_index":0,"item":{{"id":"{}","type":"message","status":"completed",)"
                   R"("role":"assistant","content":[{}]}})",
                   item, part));
  tell(out, "response.completed", number + 4,
       "\"response\":" + response_json(id_, model_, records::SUCCEEDED, &outcome));
}

void ResponsesForm::end(const records::ResultRecord& result, std::string& out) {
  finish(result.outcome(), kFirstPiece + int64_t{result.stream_count()}, out);
}

}  // namespace penstock::gateway
