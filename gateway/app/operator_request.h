// One operator's request on its way through the API: the words of its path, its query, its body.
// The views hold during the call; what is needed later is copied. Loop thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/exchange.h"
#include "gateway/http/server.h"

namespace penstock::gateway {

struct OperatorRequest {
  ExchangeId exchange;
  const RequestHead& head;
  const Body& body;
  std::vector<std::string> words;  ///< of the path behind /v1/, percent-decoding not needed

  std::optional<std::string> query(std::string_view name) const;
  bool is(Method method) const { return head.method == method; }
};

/// Answers with a JSON document.
void respond_json(Server& server, ExchangeId exchange, uint16_t status,
                  const nlohmann::ordered_json& document, std::string headers = {});

/// 204.
void respond_nothing(Server& server, ExchangeId exchange);

/// 405 with what is allowed.
void respond_wrong_method(Server& server, ExchangeId exchange, std::string_view allowed);

/// The body as a JSON object; otherwise the answer that refuses it has been given.
std::optional<nlohmann::ordered_json> object_of(Server& server, const OperatorRequest& request);

/// The text behind an unknown word, or nothing when none of `words` is near.
std::string did_you_mean(std::string_view given, const std::vector<std::string>& words);

}  // namespace penstock::gateway
