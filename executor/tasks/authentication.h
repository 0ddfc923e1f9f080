// Authentication policies of the language, turned into headers and credentials; for OAuth 2 and
// OpenID Connect first into a request for a token. Pure.
// Limitations: client_secret_jwt and private_key_jwt are not made here (a ready `assertion` is
// sent); the authorization_code grant has no user to ask.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "executor/flow/error.h"
#include "executor/json/value.h"
#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// A policy with the secret it names put in. The error is a `configuration` or an
/// `authentication` error.
struct Policy {
  enum class Kind : uint8_t { kNone, kBasic, kBearer, kDigest, kOAuth2, kOidc };
  Kind kind = Kind::kNone;
  json::Value settings;  ///< what stands behind the kind's word

  static std::variant<Policy, flow::Error> of(const json::Value& policy,
                                              const json::Value& secrets);
  /// Needs a token from somewhere before it can be used.
  bool wants_token() const { return kind == Kind::kOAuth2 || kind == Kind::kOidc; }
  /// The same text for the same token: a key for a cache of tokens.
  std::string token_key() const { return settings.dump(); }
  /// Puts it on a request that needs no token.
  void apply(HttpRequest& request) const;
};

/// Where an OpenID Connect authority says what it has.
HttpRequest discovery_request(const Policy& policy);
/// Asks for a token; `endpoint` from the discovery, empty for OAuth 2's own settings.
std::variant<HttpRequest, flow::Error> token_request(const Policy& policy, std::string endpoint);

struct Token {
  std::string text;
  uint64_t lives_s = 0;  ///< 0: not said
};
/// The token in the reply to token_request().
std::variant<Token, flow::Error> token_of(const Policy& policy, const HttpReply& reply);

}  // namespace penstock::executor
