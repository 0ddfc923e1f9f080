#include "gateway/app/secrets_api.h"

#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/json_text.h"
#include "gateway/app/secrets.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static Json row_of(const std::string& name, const records::SealedSecret& secret) {
  return {{"name", name},
          {"created_at", iso_time(secret.created_at_ms())},
          {"updated_at", iso_time(secret.updated_at_ms())},
          {"key_version", secret.key_version()}};
}

void SecretsApi::on_request(const OperatorRequest& request) {
  const auto& words = request.words;
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  if (words.size() > 2)
    return context_.server.respond(request.exchange, problem(Code::kNotFound, "No such address."));
  if (words.size() == 1) {
    if (read) return list(request.exchange);
    return respond_wrong_method(context_.server, request.exchange, "GET");
  }
  if (request.is(Method::kPost) && words[1] == "rekey") return rekey(request);
  if (request.is(Method::kPut)) return put(request, words[1]);
  if (read) return show(request.exchange, words[1]);
  if (request.is(Method::kDelete)) return remove(request, words[1]);
  respond_wrong_method(context_.server, request.exchange, "GET, PUT, DELETE");
}

void SecretsApi::tell_executors() {
  auto set = context_.secrets.opened();
  if (set.ok()) return context_.workers.set_secrets(*std::move(set));
  context_.log.error("a secret does not open", {{"why", set.status().message()}});
}

void SecretsApi::list(ExchangeId exchange) {
  Json rows = Json::array();
  for (const auto& [name, secret] : context_.secrets.all()) rows.push_back(row_of(name, secret));
  respond_json(context_.server, exchange, 200, {{"secrets", rows}, {"next", nullptr}});
}

void SecretsApi::unknown(ExchangeId exchange, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [each, secret] : context_.secrets.all()) names.push_back(each);
  context_.server.respond(exchange, problem(Code::kNotFound, "No secret is called " + name +
                                                                 did_you_mean(name, names)));
}

void SecretsApi::show(ExchangeId exchange, const std::string& name) {
  const records::SealedSecret* secret = context_.secrets.find(name);
  if (!secret) return unknown(exchange, name);
  respond_json(context_.server, exchange, 200, row_of(name, *secret));
}

void SecretsApi::put(const OperatorRequest& request, const std::string& name) {
  const auto document = object_of(context_.server, request);
  if (!document) return;
  const auto refuse = [&](const std::string& why) {
    context_.server.respond(request.exchange, problem(Code::kUnprocessable, why));
  };
  for (const auto& [key, value] : document->items())
    if (key != "value") return refuse("unknown member " + key + did_you_mean(key, {"value"}));
  if (!document->contains("value")) return refuse("value is missing: a string, or an object");
  const Json& given = (*document)["value"];
  if (!given.is_string() && !given.is_structured())
    return refuse("value must be a string, or an object such as {\"username\":…,\"password\":…}");
  const bool fresh = context_.secrets.find(name) == nullptr;
  Writes writes;
  const std::string wrong =
      context_.secrets.put(name, given.is_string() ? given.get<std::string>() : given.dump(),
                           context_.clock.wall_ms(), writes);
  if (!wrong.empty()) return refuse(wrong);
  tell_executors();
  Json answer = row_of(name, *context_.secrets.find(name));
  const auto cookie = context_.pending.defined([this, exchange = request.exchange, answer, fresh] {
    respond_json(context_.server, exchange, fresh ? 201 : 200, answer);
  });
  audit(context_, request, fresh ? "secret.create" : "secret.set", name, "{}");
  context_.queue.define(std::move(writes), cookie);
}

void SecretsApi::remove(const OperatorRequest& request, const std::string& name) {
  const ExchangeId exchange = request.exchange;
  if (!context_.secrets.find(name)) return unknown(exchange, name);
  Writes writes;
  context_.secrets.remove(name, writes);
  tell_executors();
  const auto cookie =
      context_.pending.defined([this, exchange] { respond_nothing(context_.server, exchange); });
  audit(context_, request, "secret.delete", name, "{}");
  context_.queue.define(std::move(writes), cookie);
}

void SecretsApi::rekey(const OperatorRequest& request) {
  const ExchangeId exchange = request.exchange;
  Writes writes;
  if (const Status begun = context_.secrets.rekey(context_.catalog, writes); !begun.ok()) {
    context_.log.error("secrets were not sealed anew", {{"why", begun.message()}});
    return context_.server.respond(exchange, problem(Code::kInternal, begun.message()));
  }
  const size_t count = writes.size();
  const auto done = [this, exchange, count] {
    // Only now is nothing on disk that needs the old keys.
    const Status forgotten = context_.secrets.rekeyed();
    if (!forgotten.ok())
      context_.log.warn("old vault keys stay in the file", {{"why", forgotten.message()}});
    respond_json(context_.server, exchange, 200,
                 {{"key_version", context_.secrets.key_version()}, {"sealed", count}});
  };
  audit(context_, request, "secret.rekey", "",
        Json{{"key_version", context_.secrets.key_version()}, {"sealed", count}}.dump());
  if (writes.empty()) return done();
  context_.queue.define(std::move(writes), context_.pending.defined(done));
}

}  // namespace penstock::gateway
