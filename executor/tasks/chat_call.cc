#include "executor/tasks/chat_call.h"

#include <algorithm>
#include <functional>

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"
#include "executor/tasks/retry_after.h"
#include "executor/tasks/uri_template.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

// What is ours; every other member of `with` goes to the model's server as it is.
constexpr std::string_view kOwn[] = {"endpoint", "headers", "models", "fallback", "max_retries"};
constexpr std::string_view kPath = "/chat/completions";
constexpr size_t kShownBytesMax = 500;  // of what the other side says went wrong

std::string void_data(const flow::Call& call) {
  json::Value data = json::Value::object();
  if (call.node) data.set("task", json::Value::string(call.node->reference));
  return data.dump();
}

std::string completions_url(std::string url) {
  const size_t query = std::min(url.find('?'), url.size());
  std::string path = url.substr(0, query);
  while (path.ends_with('/')) path.pop_back();
  if (!path.ends_with(kPath)) path += kPath;
  return path + url.substr(query);
}

// Scheme, host and port: whose limits a request goes under.
std::string origin_of(const std::string& url) {
  const size_t host = url.find("://");
  return host == url.npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
}

bool worth_another(unsigned status) {
  return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

std::string said(const HttpReply& reply) {
  Result<json::Value> body = json::parse(reply.body);
  const json::Value error = body ? body->get("error") : json::Value();
  const json::Value message = error.is_object() ? error.get("message") : error;
  std::string text(message.is_string() ? message.as_string() : std::string_view());
  if (text.empty() && body) text = body->dump();
  if (text.size() > kShownBytesMax) text.resize(kShownBytesMax);
  while (!is_utf8(text)) text.pop_back();
  return text;
}

Error misused(std::string detail) {
  return Error::of(ErrorKind::kConfiguration, "call: chat: " + std::move(detail));
}

}  // namespace

ChatCall::ChatCall(const flow::Call& call, CallContext context)
    : AuthorizedCall(call, std::move(context)), retelling_(context_.told, void_data(call)) {
  context_.told.clear();
}

CallStep ChatCall::begin() {
  if (std::optional<Error> error = read_arguments()) return std::move(*error);
  return ask();
}

std::optional<Error> ChatCall::read_arguments() {
  const json::Value& with = call_.with;
  streamed_ = with.get("stream").as_bool();
  if (const json::Value model = with.get("model"); model.is_string()) {
    candidates_.push_back({model, with.get("endpoint")});
  }
  add_candidates(with.get("models"));
  add_candidates(with.get("fallback"));
  if (candidates_.empty()) return misused("name a `model`");
  if (candidates_.size() > limits::chat_models_max) {
    return misused("more than " + std::to_string(limits::chat_models_max) + " models");
  }
  for (const Candidate& candidate : candidates_) {
    if (!candidate.model.is_string()) return misused("a model's name is text");
    if (endpoint_uri(candidate.endpoint).empty()) {
      return misused("name the `endpoint`, for example https://api.openai.com/v1");
    }
  }
  const json::Value messages = with.get("messages");
  if (!messages.is_array() || messages.size() == 0) {
    return misused("`messages` is a list of {role, content}");
  }
  const int64_t retries = with.get("max_retries").as_integer().value_or(limits::chat_retries);
  retries_max_ = static_cast<uint32_t>(std::clamp<int64_t>(retries, 0, limits::chat_retries_max));
  return std::nullopt;
}

// Names of models, or {model, endpoint}; one that names no endpoint has the call's.
void ChatCall::add_candidates(const json::Value& list) {
  const json::Value endpoint = call_.with.get("endpoint");
  if (list.is_string()) candidates_.push_back({list, endpoint});
  for (size_t i = 0; list.is_array() && i < list.size(); i++) {
    const json::Value item = list.at(i);
    const json::Value own = item.get("endpoint");
    candidates_.push_back(
        {item.is_object() ? item.get("model") : item, own.is_null() ? endpoint : own});
  }
}

json::Value ChatCall::body() const {
  json::Value body = call_.with;
  for (const std::string_view key : kOwn) body.erase(key);
  body.set("model", candidates_[at_].model);
  if (!streamed_) return body;
  if (!body.get("stream_options").is_object()) {
    json::Value options = json::Value::object();
    options.set("include_usage", json::Value::boolean(true));
    body.set("stream_options", std::move(options));
  }
  return body;
}

CallStep ChatCall::ask() {
  const Candidate& candidate = candidates_[at_];
  HttpRequest request;
  request.method = "POST";
  request.url = completions_url(expanded(endpoint_uri(candidate.endpoint), call_.input));
  request.lane = origin_of(request.url);
  append_headers(request, call_.with.get("headers"));
  request.headers.emplace_back("Accept", streamed_ ? "text/event-stream" : "application/json");
  const std::string other = at_ ? "-m" + std::to_string(at_) : "";  // another request, another key
  request.headers.emplace_back("Idempotency-Key", context_.idempotency_key + other);
  put_body(request, body());
  if (request.body.size() > limits::chat_request_bytes_max) {
    return misused("the messages are larger than " +
                   std::to_string(limits::chat_request_bytes_max >> 20) + " MiB");
  }
  request.stream = streamed_;
  request.reply_bytes_max = limits::chat_reply_bytes_max;
  reply_.reset();
  reader_ = SseReader();
  retelling_.begin();
  return send(std::move(request), candidate.endpoint.get("authentication"));
}

std::optional<CallStep> ChatCall::received(std::string_view bytes) {
  if (!reply_) reply_.emplace();
  std::vector<SseEvent> events;
  const Status status = reader_.feed(bytes, events);
  for (const SseEvent& event : events) {
    if (event.data == "[DONE]") return conclude();
    Result<std::string> text = reply_->add(event.data);
    if (!text) {
      Error error = Error::of(ErrorKind::kCommunication,
                              model_name() + " broke off: " + text.status().message());
      return failed(std::move(error), std::nullopt);
    }
    retelling_.add(*text, pieces_);
  }
  if (status) return std::nullopt;
  return failed(Error::of(ErrorKind::kCommunication, status.message()), std::nullopt);
}

CallStep ChatCall::conclude() {
  retelling_.end(pieces_);
  return reply_->output();
}

CallStep ChatCall::answered(const HttpReply& reply) {
  if (reply.fault == HttpFault::kNone && (reply.status < 200 || reply.status > 299)) {
    return refused(reply);
  }
  if (reply_ && reply_->finished())
    return conclude();  // it forgot to say [DONE], or broke off behind it
  if (reply.fault != HttpFault::kNone) return failed(error_of(reply), std::nullopt);
  if (!reply_) return whole(reply);
  return failed(Error::of(ErrorKind::kCommunication, model_name() + " ended its stream too early"),
                std::nullopt);
}

CallStep ChatCall::whole(const HttpReply& reply) {
  Result<json::Value> parsed = json::parse(reply.body);
  Result<json::Value> output = parsed ? chat_output(*parsed) : parsed;
  if (!output) {
    Error error =
        Error::of(ErrorKind::kCommunication, model_name() + ": " + output.status().message());
    return failed(std::move(error), std::nullopt);
  }
  if (streamed_) {  // the server knows no streams: its text is one piece
    retelling_.add(output->get("message").get("content").as_string(), pieces_);
    retelling_.end(pieces_);
  }
  return std::move(*output);
}

CallStep ChatCall::refused(const HttpReply& reply) {
  const std::string what = said(reply);
  Error error =
      Error::answered(reply.status, model_name() + " answered " + std::to_string(reply.status) +
                                        (what.empty() ? "" : ": " + what));
  error.retryable = worth_another(reply.status);
  return failed(std::move(error), retry_after_ms(reply, context_.now_ms));
}

// Again, or the next model, or the end. `wait_ms`: what the other side asked for.
CallStep ChatCall::failed(Error error, std::optional<uint64_t> wait_ms) {
  const uint64_t own_ms = limits::chat_retry_first_ms << retries_;
  const uint64_t apart_ms = std::hash<std::string>()(context_.idempotency_key) % (own_ms / 4);
  const uint64_t pause_ms =
      wait_ms.value_or(std::min(own_ms + apart_ms, limits::chat_retry_ms_max));  // not all at once
  const bool again =
      error.retryable && retries_ < retries_max_ && pause_ms <= limits::chat_retry_ms_max;
  if (again) {
    retries_++;
    return Pause{pause_ms};
  }
  if (at_ + 1 < candidates_.size()) {
    at_++;
    retries_ = 0;
    return ask();
  }
  retelling_.withdraw(pieces_);
  return error;
}

std::string ChatCall::model_name() const {
  return "model '" + std::string(candidates_[at_].model.as_string()) + "'";
}

}  // namespace penstock::executor
