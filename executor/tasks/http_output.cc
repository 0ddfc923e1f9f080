#include "executor/tasks/http_output.h"

#include <strings.h>

#include <chrono>

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/retry_after.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr size_t kShownBytesMax = 300;  // of an error's body

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

json::Value headers_value(const HttpHeaders& headers, bool redact) {
  json::Value object = json::Value::object();
  for (const auto& [name, value] : headers) {
    const bool secret = redact && (strcasecmp(name.c_str(), "authorization") == 0 ||
                                   strcasecmp(name.c_str(), "cookie") == 0);
    const json::Value before = object.get(name);
    std::string text = secret ? "***" : value;
    if (before.is_string()) text = std::string(before.as_string()) + ", " + text;
    object.set(name, json::Value::string(is_utf8(text) ? std::move(text) : base64(text)));
  }
  return object;
}

// Read only where a reply has no date of its own; what it says is journalled.
uint64_t wall_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::string shown(const std::string& body) {
  std::string text = body.substr(0, kShownBytesMax);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  while (!text.empty() && !is_utf8(text)) text.pop_back();
  return text;
}

}  // namespace

Error error_of(const HttpReply& reply) {
  switch (reply.fault) {
    case HttpFault::kTimeout:
      return Error::of(ErrorKind::kTimeout, reply.message);
    case HttpFault::kAddressRefused:
      return Error::of(ErrorKind::kAuthorization, reply.message);
    case HttpFault::kBadRequest:
      return Error::of(ErrorKind::kConfiguration, reply.message);
    case HttpFault::kTooLarge: {
      Error error = Error::of(ErrorKind::kCommunication, reply.message);
      error.retryable = false;
      return error;
    }
    default:
      return Error::of(ErrorKind::kCommunication, reply.message);
  }
}

std::variant<json::Value, Error> content_of(const HttpReply& reply) {
  if (reply.body.empty()) return json::Value();
  const std::string_view type = reply.header("content-type");
  if (is_json(type) || type.empty()) {
    Result<json::Value> value = json::parse(reply.body);
    if (value) return std::move(*value);
    if (!type.empty()) {
      Error error =
          Error::of(ErrorKind::kCommunication,
                    "the reply is not the JSON it says it is: " + value.status().message());
      error.retryable = false;
      return error;
    }
  }
  return json::Value::string(is_utf8(reply.body) ? reply.body : base64(reply.body));
}

flow::TaskResult http_result(const HttpRequest& sent, const HttpReply& reply, std::string_view form,
                             bool redirect) {
  if (reply.fault != HttpFault::kNone) return error_of(reply);
  const unsigned good_end = redirect ? 400 : 300;
  if (reply.status < 200 || reply.status >= good_end) {
    Error error = Error::answered(
        reply.status, sent.method + " " + sent.url.substr(0, sent.url.find('?')) + " answered " +
                          std::to_string(reply.status) +
                          (reply.body.empty() ? "" : ": " + shown(reply.body)));
    error.retry_after_ms = retry_after_ms(reply, wall_ms()).value_or(0);
    return error;
  }
  if (form == "raw") return json::Value::string(base64(reply.body));
  std::variant<json::Value, Error> content = content_of(reply);
  if (auto* error = std::get_if<Error>(&content)) return std::move(*error);
  if (form != "response") return std::move(std::get<json::Value>(content));
  json::Value request = json::Value::object();
  request.set("method", json::Value::string(sent.method));
  request.set("uri", json::Value::string(sent.url));
  request.set("headers", headers_value(sent.headers, true));
  json::Value response = json::Value::object();
  response.set("request", std::move(request));
  response.set("statusCode", json::Value::integer(reply.status));
  response.set("headers", headers_value(reply.headers, false));
  response.set("content", std::move(std::get<json::Value>(content)));
  return response;
}

}  // namespace penstock::executor
