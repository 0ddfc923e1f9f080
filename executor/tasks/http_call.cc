#include "executor/tasks/http_call.h"

#include <strings.h>

#include <cctype>

#include "executor/tasks/encoding.h"
#include "executor/tasks/http_output.h"
#include "executor/tasks/uri_template.h"

namespace penstock::executor {

static std::string header_of(const HttpRequest& request, const char* name) {
  for (const auto& [key, value] : request.headers) {
    if (strcasecmp(key.c_str(), name) == 0) return value;
  }
  return "";
}

std::string endpoint_uri(const json::Value& endpoint) {
  const json::Value uri = endpoint.is_object() ? endpoint.get("uri") : endpoint;
  return uri.is_string() ? std::string(uri.as_string()) : "";
}

void append_query(std::string& url, const std::string& query) {
  if (query.empty()) return;
  const size_t hash = url.find('#');
  if (hash != url.npos) url.resize(hash);
  url += url.find('?') == url.npos ? '?' : '&';
  url += query;
}

void append_headers(HttpRequest& request, const json::Value& headers) {
  for (size_t i = 0; headers.is_object() && i < headers.size(); i++) {
    const json::Member member = headers.member(i);
    if (member.value.is_null()) continue;
    request.headers.emplace_back(member.key.as_string(), plain_text(member.value));
  }
}

void put_body(HttpRequest& request, const json::Value& body) {
  if (body.is_null()) return;
  const std::string type = header_of(request, "content-type");
  const bool form = type.starts_with("application/x-www-form-urlencoded");
  if (body.is_string()) {
    request.body = body.as_string();
  } else {
    request.body = form && body.is_object() ? form_encoded(body) : body.dump();
  }
  if (!type.empty()) return;
  request.headers.emplace_back("Content-Type",
                               body.is_string() ? "text/plain; charset=utf-8" : "application/json");
}

CallStep HttpCall::begin() {
  const json::Value& with = call_.with;
  const json::Value endpoint = with.get("endpoint");
  HttpRequest request;
  request.method = with.get("method").as_string();
  for (char& c : request.method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  request.url = expanded(endpoint_uri(endpoint), call_.input);
  append_query(request.url, form_encoded(with.get("query")));
  append_headers(request, with.get("headers"));
  put_body(request, with.get("body"));
  if (header_of(request, "idempotency-key").empty()) {
    request.headers.emplace_back("Idempotency-Key", context_.idempotency_key);
  }
  request.follow = with.get("redirect").as_bool();
  return send(std::move(request), endpoint.get("authentication"));
}

CallStep HttpCall::answered(const HttpReply& reply) {
  return http_result(sent(), reply, call_.with.get("output").as_string(),
                     call_.with.get("redirect").as_bool());
}

}  // namespace penstock::executor
