#include "gateway/verify/jwk.h"

#include "gateway/verify/encoding.h"
#include "gateway/verify/json_fact.h"
#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr std::pair<std::string_view, JwtAlgorithm> kAlgorithms[] = {
    {"HS256", JwtAlgorithm::kHs256},
    {"RS256", JwtAlgorithm::kRs256},
    {"ES256", JwtAlgorithm::kEs256},
    {"EdDSA", JwtAlgorithm::kEdDsa}};
constexpr size_t secret_bytes_min = 16;

/// One member of a key, decoded from Base64url; "" when it is not there.
std::string number_of(const JsonFacts& set, const std::string& member) {
  const auto text = set.text(member);
  return text ? decode(Encoding::kBase64Url, *text).value_or("") : "";
}

struct Shape {
  JwtAlgorithm algorithm;
  Result<PublicKey> key;
};

std::optional<Shape> read_shape(const JsonFacts& set, const std::string& at) {
  const std::string type = set.text(at + "/kty").value_or("");
  const std::string curve = set.text(at + "/crv").value_or("");
  const std::string x = number_of(set, at + "/x");
  if (type == "OKP" && curve == "Ed25519")
    return Shape{JwtAlgorithm::kEdDsa, PublicKey::ed25519(x)};
  if (type == "EC" && curve == "P-256")
    return Shape{JwtAlgorithm::kEs256, PublicKey::p256(x, number_of(set, at + "/y"))};
  if (type == "RSA")
    return Shape{JwtAlgorithm::kRs256,
                 PublicKey::rsa(number_of(set, at + "/n"), number_of(set, at + "/e"))};
  return std::nullopt;
}

std::optional<Jwk> read_jwk(const JsonFacts& set, const std::string& at) {
  std::optional<Shape> shape = read_shape(set, at);
  if (!shape || !shape->key.ok()) return std::nullopt;
  if (set.text(at + "/use").value_or("sig") != "sig") return std::nullopt;
  const std::string_view name = jwt_algorithm_name(shape->algorithm);
  if (set.text(at + "/alg").value_or(std::string(name)) != name) return std::nullopt;
  return Jwk{.id = set.text(at + "/kid").value_or(""),
             .algorithm = shape->algorithm,
             .key = std::move(*shape->key)};
}

}  // namespace

std::string_view jwt_algorithm_name(JwtAlgorithm algorithm) {
  return kAlgorithms[static_cast<size_t>(algorithm)].first;
}

std::optional<JwtAlgorithm> jwt_algorithm_named(std::string_view name) {
  for (const auto& [known, algorithm] : kAlgorithms)
    if (known == name) return algorithm;
  return std::nullopt;
}

bool Jwk::verifies(std::string_view text, std::string_view signature) const {
  if (mac) return same_bytes(mac->sign(text), signature);
  if (algorithm != JwtAlgorithm::kEs256) return key->verifies(text, signature);
  const std::string der = der_of_raw_p256(signature);
  return !der.empty() && key->verifies(text, der);
}

Result<JwkSet> JwkSet::from_secret(std::string_view secret) {
  if (secret.size() < secret_bytes_min)
    return Status::invalid("a secret for HS256 has at least " + std::to_string(secret_bytes_min) +
                           " bytes");
  if (secret.find("-----BEGIN") != std::string_view::npos)
    return Status::invalid("this is a PEM key, not a shared secret");
  JwkSet set;
  set.keys_.push_back({.id = {}, .mac = MacKey(Hash::kSha256, secret)});
  return set;
}

Result<JwkSet> JwkSet::from_pem(std::string_view pem) {
  static constexpr std::pair<KeyKind, JwtAlgorithm> kKinds[] = {
      {KeyKind::kRsa, JwtAlgorithm::kRs256},
      {KeyKind::kP256, JwtAlgorithm::kEs256},
      {KeyKind::kEd25519, JwtAlgorithm::kEdDsa}};
  for (const auto& [kind, algorithm] : kKinds) {
    Result<PublicKey> key = PublicKey::read(kind, pem);
    if (!key) continue;
    JwkSet set;
    set.keys_.push_back({.id = {}, .algorithm = algorithm, .key = std::move(*key)});
    return set;
  }
  return Status::invalid(
      "this is not a PEM public key of RSA (2048 bits or more), P-256 or Ed25519");
}

Result<JwkSet> JwkSet::from_jwks(std::string_view json) {
  if (json.size() > limits::jwks_bytes_max) return Status::invalid("the key set is too large");
  const JsonFacts facts(json);
  const auto count = facts.array_size("/keys");
  if (!count) return Status::invalid("this is not a key set: it has no array \"keys\"");
  if (*count > limits::jwks_keys_max)
    return Status::invalid("the key set has more than " + std::to_string(limits::jwks_keys_max) +
                           " keys");
  JwkSet set;
  for (size_t i = 0; i < *count; ++i)
    if (auto key = read_jwk(facts, "/keys/" + std::to_string(i)))
      set.keys_.push_back(std::move(*key));
  if (!set.keys_.empty()) return set;
  return Status::invalid("the key set has no key for RS256, ES256 or EdDSA signatures");
}

}  // namespace penstock::verify
