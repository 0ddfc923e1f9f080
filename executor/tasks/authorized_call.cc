#include "executor/tasks/authorized_call.h"

#include <algorithm>

#include "executor/json/parse.h"
#include "executor/tasks/file_resource.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/uri_template.h"
#include "proto/limits.h"

namespace penstock::executor {

// Where the reply does not say how long a token lives; renewed a little before its end.
static constexpr uint64_t kTokenLifeS = 300;
static constexpr uint64_t kTokenMarginS = 10;

CallStep AuthorizedCall::send(HttpRequest request, const json::Value& policy) {
  std::variant<Policy, flow::Error> read = Policy::of(policy, call_.secrets);
  if (auto* error = std::get_if<flow::Error>(&read)) return std::move(*error);
  policy_ = std::move(std::get<Policy>(read));
  request_ = std::move(request);
  if (policy_.wants_token()) return authorize();
  policy_.apply(request_);
  stage_ = Stage::kRequest;
  HttpRequest out = request_;
  request_.body.clear();  // not sent again: do not hold it while the other side thinks
  return out;
}

CallStep AuthorizedCall::fetch(const json::Value& resource) {
  const auto inner = resource.find("endpoint");
  const json::Value endpoint = inner ? *inner : resource;
  HttpRequest request;
  request.method = "GET";
  request.url = expanded(endpoint_uri(endpoint), call_.input);
  request.follow = true;
  request.reply_bytes_max = limits::call_documents_bytes_max;
  if (!request.url.starts_with("file:")) {
    return send(std::move(request), endpoint.get("authentication"));
  }
  if (!context_.local_files) {
    return flow::Error::of(flow::ErrorKind::kConfiguration,
                           request.url + ": files are read by `penstock workflow run` only");
  }
  return answered(read_file(request.url));
}

CallStep AuthorizedCall::authorize() {
  const auto known = context_.caches->tokens.find(policy_.token_key(), context_.now_ms);
  if (known) return send_with(*known);
  if (policy_.kind == Policy::Kind::kOAuth2) return ask_token("");
  stage_ = Stage::kDiscovery;
  return discovery_request(policy_);
}

CallStep AuthorizedCall::ask_token(std::string endpoint) {
  stage_ = Stage::kToken;
  std::variant<HttpRequest, flow::Error> request = token_request(policy_, std::move(endpoint));
  if (auto* error = std::get_if<flow::Error>(&request)) return std::move(*error);
  return std::move(std::get<HttpRequest>(request));
}

CallStep AuthorizedCall::send_with(const std::string& token) {
  stage_ = Stage::kRequest;
  std::erase_if(request_.headers, [](const auto& field) { return field.first == "Authorization"; });
  request_.headers.emplace_back("Authorization", "Bearer " + token);
  return request_;
}

CallStep AuthorizedCall::replied(HttpReply reply) {
  if (stage_ == Stage::kDiscovery) {
    Result<json::Value> document = json::parse(reply.body);
    const json::Value endpoint = document ? document->get("token_endpoint") : json::Value();
    if (reply.fault != HttpFault::kNone || !endpoint.is_string()) {
      return flow::Error::of(flow::ErrorKind::kAuthentication,
                             "the authority does not say where its tokens are: " + reply.message);
    }
    return ask_token(std::string(endpoint.as_string()));
  }
  if (stage_ == Stage::kToken) {
    std::variant<Token, flow::Error> token = token_of(policy_, reply);
    if (auto* error = std::get_if<flow::Error>(&token)) return std::move(*error);
    const Token& got = std::get<Token>(token);
    const uint64_t lives_s = got.lives_s ? got.lives_s : kTokenLifeS;
    const uint64_t kept_s = lives_s > 2 * kTokenMarginS ? lives_s - kTokenMarginS : lives_s / 2;
    context_.caches->tokens.put(policy_.token_key(), got.text, context_.now_ms + kept_s * 1000);
    return send_with(got.text);
  }
  const bool stale = reply.status == 401 && policy_.wants_token() && !renewed_;
  if (!stale) return answered(reply);
  renewed_ = true;
  context_.caches->tokens.erase(policy_.token_key());
  return authorize();
}

}  // namespace penstock::executor
