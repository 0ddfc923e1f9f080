// Authentication policies: basic, bearer, digest, oauth2, oidc, each in full or by a secret's name.
#include <algorithm>
#include <string>

#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

// The secret's way of any policy: `{ use: NAME }`, or else what `shape` asks for.
void check_secret_or(Findings& findings, const Node& node, const Shape& shape) {
  static constexpr Field kSecret[] = {{"use", check_non_empty_string, Need::kRequired}};
  if (!has(node, "use")) return check_object(findings, node, shape);
  check_object(findings, node, {"a policy that uses a secret", kSecret});
}

void check_user(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"username", check_string, Need::kRequired},
                                      {"password", check_string, Need::kRequired}};
  check_secret_or(findings, node, {"the authentication", kFields});
}

void check_bearer(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"token", check_string, Need::kRequired}};
  check_secret_or(findings, node, {"the bearer authentication", kFields});
}

void check_grant(Findings& findings, const Node& node) {
  static constexpr std::string_view kGrants[] = {"authorization_code", "client_credentials",
                                                 "password", "refresh_token",
                                                 "urn:ietf:params:oauth:grant-type:token-exchange"};
  check_word(findings, node, kGrants);
}

void check_client_authentication(Findings& findings, const Node& node) {
  static constexpr std::string_view kWays[] = {"client_secret_basic", "client_secret_post",
                                               "client_secret_jwt", "private_key_jwt", "none"};
  check_word(findings, node, kWays);
}

void check_encoding(Findings& findings, const Node& node) {
  static constexpr std::string_view kEncodings[] = {"application/x-www-form-urlencoded",
                                                    "application/json"};
  check_word(findings, node, kEncodings);
}

void check_client(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"id", check_string},
                                      {"secret", check_string},
                                      {"assertion", check_string},
                                      {"authentication", check_client_authentication}};
  check_object(findings, node, {"the client", kFields});
}

void check_token_request(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"encoding", check_encoding}};
  check_object(findings, node, {"the token request", kFields, Others::kDoubted});
}

void check_token(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"token", check_string, Need::kRequired},
                                      {"type", check_string, Need::kRequired}};
  check_object(findings, node, {"the token", kFields});
}

void check_path(Findings& findings, const Node& node) {
  check_form(findings, node, is_bare_template, "a path such as /oauth2/token");
}

void check_oauth_endpoints(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {
      {"token", check_path}, {"revocation", check_path}, {"introspection", check_path}};
  check_object(findings, node, {"the endpoints", kFields, Others::kDoubted});
}

// One table for both: what only oauth2 has comes last.
constexpr Field kOauthFields[] = {{"authority", check_uri, Need::kRequired},
                                  {"grant", check_grant, Need::kRequired},
                                  {"client", check_client},
                                  {"request", check_token_request},
                                  {"issuers", check_string_list},
                                  {"scopes", check_string_list},
                                  {"audiences", check_string_list},
                                  {"username", check_string},
                                  {"password", check_string},
                                  {"subject", check_token},
                                  {"actor", check_token},
                                  {"endpoints", check_oauth_endpoints}};

void check_oauth2(Findings& findings, const Node& node) {
  check_secret_or(findings, node, {"the oauth2 authentication", kOauthFields});
}

void check_oidc(Findings& findings, const Node& node) {
  const std::span<const Field> all(kOauthFields);
  check_secret_or(findings, node, {"the oidc authentication", all.first(all.size() - 1)});
}

constexpr Field kPolicies[] = {{"use", check_non_empty_string}, {"basic", check_user},
                               {"bearer", check_bearer},        {"digest", check_user},
                               {"oauth2", check_oauth2},        {"oidc", check_oidc}};

// How many of the policies named are sound; what the others lack is warned of. The schema asks for
// exactly one that is, and does not look at the rest.
void check_several(Findings& findings, const Node& node, std::span<const Field> policies) {
  Findings doubts = findings.fresh();
  size_t sound = 0;
  for (const Field& policy : policies) {
    if (!has(node, policy.key)) continue;
    Findings found = findings.fresh();
    policy.check(found, Node(node, policy.key, node.value().get(policy.key)));
    if (!found.has_errors()) sound++;
    doubts.absorb_as_warnings(std::move(found));
  }
  if (sound == 1) return findings.absorb_as_warnings(std::move(doubts));
  findings.error(code::kAmbiguous, node, At::kKey, "an authentication has one policy, not several");
}

size_t count_policies(const Node& node, std::span<const Field> policies) {
  return static_cast<size_t>(
      std::count_if(policies.begin(), policies.end(),
                    [&](const Field& policy) { return has(node, policy.key); }));
}

void report_no_policy(Findings& findings, const Node& node, std::span<const Field> policies) {
  std::string known;
  for (const Field& policy : policies) {
    if (!known.empty()) known += ", ";
    known += policy.key;
  }
  findings.error(code::kMissingKey, node, At::kKey, "the authentication names no policy",
                 "one of " + known);
}

void check_policies(Findings& findings, const Node& node, std::span<const Field> policies,
                    Others others) {
  if (!expect_object(findings, node)) return;
  const size_t count = count_policies(node, policies);
  if (count > 1 && others == Others::kDoubted) return check_several(findings, node, policies);
  if (count > 1) {
    return findings.error(code::kAmbiguous, node, At::kKey,
                          "an authentication has one policy, not several");
  }
  if (count == 0 && node.value().size() == 0) return report_no_policy(findings, node, policies);
  check_object(findings, node,
               {"the authentication", policies, count == 0 ? Others::kRefused : others});
}

}  // namespace

void check_authentication(Findings& findings, const Node& node) {
  check_policies(findings, node, kPolicies, Others::kRefused);
}

void check_authentication_policy(Findings& findings, const Node& node) {
  check_policies(findings, node, std::span<const Field>(kPolicies).subspan(1), Others::kDoubted);
}

}  // namespace penstock::lint
