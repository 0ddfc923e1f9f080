#include "gateway/app/operator_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/app/prefer.h"

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

static size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); j++) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string nearest_word(std::string_view given, const std::vector<std::string>& words) {
  std::string best;
  size_t best_distance = std::max<size_t>(1, std::min<size_t>(given.size(), 64) / 3) + 1;
  for (const std::string& word : words) {
    const size_t distance = edit_distance(given.substr(0, 64), word);
    if (distance >= best_distance) continue;
    best = word;
    best_distance = distance;
  }
  return best;
}

std::string did_you_mean(std::string_view given, const std::vector<std::string>& words) {
  const std::string near = nearest_word(given, words);
  return near.empty() ? std::string() : "; did you mean " + near + "?";
}

}  // namespace penstock::gateway
