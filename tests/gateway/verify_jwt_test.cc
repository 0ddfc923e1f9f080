#include <doctest/doctest.h>

#include "gateway/verify/encoding.h"
#include "gateway/verify/jwt.h"
#include "tests/gateway/verify_jwt_material.h"

namespace penstock::verify {
namespace {

constexpr int64_t now_s = 1'790'000'000;
const std::string secret = "0123456789abcdef0123456789abcdef";

std::string part(std::string_view json) {
  return encode(Encoding::kBase64Url, json);
}

std::string token(std::string_view header, std::string_view claims) {
  const std::string text = part(header) + "." + part(claims);
  return text + "." + encode(Encoding::kBase64Url, MacKey(Hash::kSha256, secret).sign(text));
}

std::string hs256(std::string_view claims) {
  return token(R"({"alg":"HS256"})", claims);
}

JwkSet shared() {
  Result<JwkSet> set = JwkSet::from_secret(secret);
  REQUIRE(set.ok());
  return std::move(*set);
}

JwkSet published() {
  Result<JwkSet> set = JwkSet::from_jwks(material_jwks);
  REQUIRE(set.ok());
  return std::move(*set);
}

std::string why(const std::string& text, const JwtRules& rules = {}) {
  return verify_jwt(text, shared(), rules, now_s).detail;
}

TEST_CASE("tokens of every algorithm are verified with a published set") {
  for (const std::string_view text : {material_rs256, material_es256, material_eddsa}) {
    const JwtVerdict verdict = verify_jwt(
        text, published(), {.issuer = "https://issuer.example", .audience = "penstock"}, now_s);
    CHECK_MESSAGE(verdict.valid, verdict.detail);
    CHECK(verdict.subject == "sender-1");
  }
  Result<JwkSet> pem = JwkSet::from_pem(material_pem);
  REQUIRE(pem.ok());
  CHECK(verify_jwt(material_rs256, *pem, {}, now_s).valid);
}

TEST_CASE("a public key is never taken for a shared secret") {
  CHECK(!verify_jwt(material_confused, published(), {}, now_s).valid);
  Result<JwkSet> pem = JwkSet::from_pem(material_pem);
  CHECK(!verify_jwt(material_confused, *pem, {}, now_s).valid);
  CHECK(!JwkSet::from_secret(material_pem).ok());
}

TEST_CASE("tokens that are not signed, or not by us, are refused") {
  const std::string claims = R"({"exp":1790000300})";
  CHECK(verify_jwt(hs256(claims), shared(), {}, now_s).valid);
  CHECK(why(part(R"({"alg":"none"})") + "." + part(claims) + ".") != "");
  CHECK(why(token(R"({"alg":"none"})", claims)) != "");
  CHECK(why(token(R"({"alg":"hs256"})", claims)) != "");
  CHECK(why(token(R"({"alg":"HS512"})", claims)) != "");
  CHECK(why(token(R"({"alg":"HS256","crit":["b64"],"b64":false})", claims)) != "");
  CHECK(why(token(R"({"alg":"none","alg":"HS256"})", claims)) != "");
  std::string changed = hs256(claims);
  changed[changed.size() - 3] = changed[changed.size() - 3] == 'A' ? 'B' : 'A';
  CHECK(why(changed) != "");
}

TEST_CASE("what is no token is refused") {
  for (const auto text :
       {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "%.e30.e30", "e30=.e30.e30"}) {
    CAPTURE(text);
    CHECK(!verify_jwt(text, shared(), {}, now_s).valid);
  }
  CHECK(!verify_jwt(std::string(100'000, 'a'), shared(), {}, now_s).valid);
  CHECK(why(hs256("[]")) != "");
  CHECK(why(hs256("not json")) != "");
}

TEST_CASE("times are kept to, with the leeway") {
  CHECK(why(hs256(R"({"exp":1789999941})")) == "");
  CHECK(why(hs256(R"({"exp":1789999940})")) == "the token has expired");
  CHECK(why(hs256(R"({"exp":1789999941.5})")) == "");
  CHECK(why(hs256(R"({"exp":"1790000300"})")) == "the token's expiry is no time");
  CHECK(why(hs256(R"({"exp":1790000300,"nbf":1790000060})")) == "");
  CHECK(why(hs256(R"({"exp":1790000300,"nbf":1790000061})")) == "the token is not valid yet");
  CHECK(why(hs256("{}")) == "the token has no expiry");
  CHECK(why(hs256("{}"), {.needs_expiry = false}) == "");
}

TEST_CASE("issuer and audience are compared whole") {
  const std::string text = hs256(R"({"exp":1790000300,"iss":"me","aud":["a","b"]})");
  CHECK(why(text, {.issuer = "me", .audience = "b"}) == "");
  CHECK(why(text, {.issuer = "m"}) == "the token is of another issuer");
  CHECK(why(text, {.audience = "c"}) == "the token is for another audience");
  CHECK(why(hs256(R"({"exp":1790000300,"aud":"a"})"), {.audience = "a"}) == "");
  CHECK(why(hs256(R"({"exp":1790000300})"), {.audience = "a"}) != "");
  CHECK(why(hs256(R"({"exp":1790000300,"aud":["x"],"aud":"a"})"), {.audience = "a"}) != "");
}

TEST_CASE("a key id that no key has asks for the set to be fetched anew") {
  std::string text(material_rs256);
  const std::string other = part(R"({"alg":"RS256","kid":"new"})");
  text = other + text.substr(text.find('.'));
  const JwtVerdict verdict = verify_jwt(text, published(), {}, now_s);
  CHECK(!verdict.valid);
  CHECK(verdict.unknown_key);
  CHECK(!verify_jwt(material_confused, published(), {}, now_s).valid);
}

TEST_CASE("key sets without a usable key are refused") {
  for (const auto text :
       {"", "{}", "[]", R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"AAAA"}]})",
        R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})",
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]})"}) {
    CAPTURE(text);
    CHECK(!JwkSet::from_jwks(text).ok());
  }
  CHECK(!JwkSet::from_secret("short").ok());
  CHECK(!JwkSet::from_pem("-----BEGIN PUBLIC KEY-----\nnonsense").ok());
}

}  // namespace
}  // namespace penstock::verify
