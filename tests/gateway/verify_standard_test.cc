// Standard Webhooks: symmetric and asymmetric, both sets of names, rotation.
#include <doctest/doctest.h>

#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

const std::string now = std::to_string(test_now_s);
const std::string secret = "whsec_" + encode(Encoding::kBase64, "a key of some length");

std::string v1(std::string_view key, const std::string& body) {
  return "v1," + base64_hmac(key, "msg_1." + now + "." + body);
}

TestRequest with(const std::string& signatures, const std::string& family = "webhook") {
  TestRequest request("{}");
  request.header(family + "-id", "msg_1").header(family + "-timestamp", now);
  request.header(family + "-signature", signatures);
  return request;
}

TEST_CASE("any good signature of the list will do") {
  const std::string good = v1("a key of some length", "{}");
  CHECK(judge("standard-webhooks", {secret}, with(good)).ok());
  CHECK(judge("standard-webhooks", {secret}, with(v1("x", "{}") + " v2,aa " + good)).ok());
  CHECK(judge("standard-webhooks", {secret}, with(v1("x", "{}"))).reason == Reason::kBadSignature);
  CHECK(judge("standard-webhooks", {secret}, with(good, "svix")).id == "msg_1");
}

TEST_CASE("a secret without whsec_ is Base64, and text when it is not") {
  const std::string bare = secret.substr(6);
  CHECK(judge("standard-webhooks", {bare}, with(v1("a key of some length", "{}"))).ok());
  CHECK(judge("standard-webhooks", {"not base64!"}, with(v1("not base64!", "{}"))).ok());
}

TEST_CASE("a header of the three that is missing is named") {
  TestRequest request("{}");
  request.header("webhook-signature", v1("a key of some length", "{}"))
      .header("webhook-id", "msg_1");
  const Verdict verdict = judge("standard-webhooks", {secret}, request);
  CHECK(verdict.reason == Reason::kMissingHeader);
  CHECK(verdict.detail.find("webhook-timestamp") != std::string::npos);
}

TEST_CASE("names of the two sets are not mixed") {
  TestRequest request("{}");
  request.header("webhook-id", "msg_1").header("svix-timestamp", now);
  request.header("webhook-signature", v1("a key of some length", "{}"));
  CHECK(judge("standard-webhooks", {secret}, request).reason == Reason::kMissingHeader);
}

// RFC 8032's first key; the signature was made by another implementation (Node's).
const std::string public_key = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const std::string ed25519_signature =
    "S94B7RMQnss+buLo9MSNBeZhJHeTJysMSySbOLE3NdPZCVxlvGOCKXEjYjW0PLJkP5HppBgmkQ14Qu0n0+6ZAQ==";

TEST_CASE("v1a is checked with a public key, and never with a shared secret") {
  CHECK(judge("standard-webhooks", {public_key}, with("v1a," + ed25519_signature)).ok());
  CHECK(judge("standard-webhooks", {secret}, with("v1a," + ed25519_signature)).reason ==
        Reason::kUnsupportedVersion);
  CHECK(judge("standard-webhooks", {public_key}, with(v1("x", "{}"))).reason ==
        Reason::kUnsupportedVersion);
  TestRequest changed = with("v1a," + ed25519_signature);
  CHECK(judge("standard-webhooks", {public_key}, changed.body("[]")).reason ==
        Reason::kBadSignature);
}

TEST_CASE("a shared secret and a public key may be live together") {
  CHECK(judge("standard-webhooks", {public_key, secret}, with("v1a," + ed25519_signature))
            .secret_index == 0);
  const Verdict verdict =
      judge("standard-webhooks", {public_key, secret}, with(v1("a key of some length", "{}")));
  CHECK(verdict.ok());
  CHECK(verdict.secret_index == 1);
}

TEST_CASE("a public key's text is no secret to sign with") {
  const std::string forged = v1(public_key, "{}");
  CHECK(!judge("standard-webhooks", {public_key}, with(forged)).ok());
}

}  // namespace
}  // namespace penstock::verify
