#include "gateway/verify/jwt.h"

#include "gateway/verify/encoding.h"
#include "gateway/verify/json_fact.h"
#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr size_t tries_max = 4;  // keys tried for a token that names none

struct Parts {
  std::string_view signed_text;  // header.payload
  std::string header, payload, signature;
};

std::optional<std::string> part(std::string_view text) {
  if (text.find('=') != std::string_view::npos) return std::nullopt;
  return decode(Encoding::kBase64Url, text);
}

std::optional<Parts> take_apart(std::string_view token) {
  const size_t first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto header = part(token.substr(0, first));
  const auto payload = part(token.substr(first + 1, last - first - 1));  // a third dot fails here
  const auto signature = part(token.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return Parts{token.substr(0, last), *header, *payload, *signature};
}

JwtVerdict refused(std::string detail) {
  return {.valid = false, .detail = std::move(detail)};
}

/// Valid when a key verifies the signature; otherwise why not.
JwtVerdict check_signature(const Parts& parts, const JsonFacts& header, const JwkSet& keys) {
  const auto algorithm = jwt_algorithm_named(header.text("/alg").value_or(""));
  if (!algorithm) return refused("the token's algorithm is not accepted");
  const std::string id = header.text("/kid").value_or("");
  size_t tried = 0;
  for (const Jwk& key : keys.keys()) {
    if (key.algorithm != *algorithm || (!id.empty() && !key.id.empty() && key.id != id)) continue;
    if (++tried > tries_max) break;
    if (key.verifies(parts.signed_text, parts.signature)) return {.valid = true};
  }
  if (tried > 0) return refused("the token's signature is wrong");
  JwtVerdict verdict = refused("no key fits the token's algorithm and key id");
  verdict.unknown_key = !id.empty();
  return verdict;
}

std::string check_times(const JsonFacts& claims, const JwtRules& rules, int64_t now_s) {
  const auto expires = claims.number("/exp"), begins = claims.number("/nbf");
  if (claims.has("/exp") && !expires) return "the token's expiry is no time";
  if (claims.has("/nbf") && !begins) return "the token's begin is no time";
  if (!expires && rules.needs_expiry) return "the token has no expiry";
  if (expires && now_s >= *expires + rules.leeway_s) return "the token has expired";
  if (begins && now_s + rules.leeway_s < *begins) return "the token is not valid yet";
  return {};
}

bool has_audience(const JsonFacts& claims, const std::string& wanted) {
  if (claims.is_string("/aud")) return claims.text("/aud") == wanted;
  const size_t count = claims.array_size("/aud").value_or(0);
  for (size_t i = 0; i < count && i < limits::jwks_keys_max; ++i) {
    const std::string at = "/aud/" + std::to_string(i);
    if (claims.is_string(at) && claims.text(at) == wanted) return true;
  }
  return false;
}

std::string check_claims(const JsonFacts& claims, const JwtRules& rules, int64_t now_s) {
  if (!claims.is_object("")) return "the token's claims are no JSON object";
  if (claims.repeats_member("")) return "the token has a claim twice";
  if (std::string sentence = check_times(claims, rules, now_s); !sentence.empty()) return sentence;
  if (!rules.issuer.empty() && claims.text("/iss") != rules.issuer)
    return "the token is of another issuer";
  if (!rules.audience.empty() && !has_audience(claims, rules.audience))
    return "the token is for another audience";
  return {};
}

}  // namespace

JwtVerdict verify_jwt(std::string_view token, const JwkSet& keys, const JwtRules& rules,
                      int64_t now_s) {
  if (token.size() > limits::jwt_bytes_max) return refused("the token is too long");
  const std::optional<Parts> parts = take_apart(token);
  if (!parts) return refused("this is not a signed token");
  const JsonFacts header(parts->header);
  if (!header.is_object("") || header.repeats_member(""))
    return refused("the token's header is no JSON object");
  if (header.has("/crit")) return refused("the token asks for an extension that is not supported");
  JwtVerdict verdict = check_signature(*parts, header, keys);
  if (!verdict.valid) return verdict;
  const JsonFacts claims(parts->payload);
  verdict.detail = check_claims(claims, rules, now_s);
  verdict.valid = verdict.detail.empty();
  if (!verdict.valid) return verdict;
  verdict.subject = claims.text("/sub").value_or("");
  verdict.claims = parts->payload;
  return verdict;
}

}  // namespace penstock::verify
