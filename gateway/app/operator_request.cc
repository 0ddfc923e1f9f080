#include "gateway/app/operator_request.h"

#include <nlohmann/json.hpp>

#include "gateway/app/prefer.h"
#include "proto/suggest.h"

namespace penstock::gateway {

std::optional<std::string> OperatorRequest::query(std::string_view name) const {
  return query_value(head.query, name);
}

void respond_json(Server& server, ExchangeId exchange, uint16_t status,
                  const nlohmann::ordered_json& document, std::string headers) {
  Response answer;
  answer.status = status;
  answer.headers = std::move(headers);
  answer.body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  server.respond(exchange, std::move(answer));
}

void respond_nothing(Server& server, ExchangeId exchange) {
  Response answer;
  answer.status = 204;
  server.respond(exchange, std::move(answer));
}

void respond_wrong_method(Server& server, ExchangeId exchange, std::string_view allowed) {
  Response answer = problem(Code::kMethodNotAllowed, "This address takes " + std::string(allowed));
  answer.headers.append("Allow: ").append(allowed).append("\r\n");
  server.respond(exchange, std::move(answer));
}

std::optional<nlohmann::ordered_json> object_of(Server& server, const OperatorRequest& request) {
  auto document = nlohmann::ordered_json::parse(request.body.view(), nullptr, false);
  if (document.is_object()) return document;
  const bool broken = document.is_discarded();
  server.respond(request.exchange,
                 problem(broken ? Code::kInvalidJson : Code::kBadRequest,
                         broken ? "The body is not valid JSON." : "The body must be an object."));
  return std::nullopt;
}

std::string did_you_mean(std::string_view given, const std::vector<std::string>& words) {
  const std::vector<std::string_view> known(words.begin(), words.end());
  return penstock::did_you_mean(given, known);
}

}  // namespace penstock::gateway
