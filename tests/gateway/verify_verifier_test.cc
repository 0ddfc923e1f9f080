#include <doctest/doctest.h>

#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

TestRequest github_signed(const std::string& body, const std::string& secret) {
  TestRequest request(body);
  request.header("X-Hub-Signature-256", "sha256=" + hex_hmac(secret, body));
  return request;
}

TestRequest stripe_signed(const std::string& body, const std::string& secret, int64_t at_s) {
  TestRequest request(body);
  const std::string time = std::to_string(at_s);
  request.header("Stripe-Signature", "t=" + time + ",v1=" + hex_hmac(secret, time + "." + body));
  return request;
}

TEST_CASE("a good signature tells which secret it was of") {
  const TestRequest request = github_signed("{\"a\":1}", "old");
  const Verdict verdict = judge("github", {"new", "old"}, request);
  CHECK(verdict.ok());
  CHECK(verdict.secret_index == 1);
  CHECK(verdict.covers_body);
  CHECK(verdict.signature == base64_hmac("old", "{\"a\":1}"));
}

TEST_CASE("every bit of the body and of the signature counts") {
  const std::string body = "{\"a\":1}";
  for (size_t i = 0; i < body.size(); ++i) {
    std::string other = body;
    other[i] = static_cast<char>(other[i] ^ 1);
    TestRequest request = github_signed(body, "s");
    CHECK(judge("github", {"s"}, request.body(other)).reason == Reason::kBadSignature);
  }
  for (size_t i = 7; i < 71; ++i) {
    std::string signature = "sha256=" + hex_hmac("s", body);
    signature[i] = signature[i] == '0' ? '1' : '0';
    TestRequest request(body);
    CHECK(judge("github", {"s"}, request.header("x-hub-signature-256", signature)).reason ==
          Reason::kBadSignature);
  }
}

TEST_CASE("a cut or empty signature is never good") {
  for (const std::string signature : {"sha256=", "sha256=00", "sha256=zz", "", "sha256"}) {
    CAPTURE(signature);
    TestRequest request;
    CHECK(!judge("github", {"s"}, request.header("X-Hub-Signature-256", signature)).ok());
  }
}

TEST_CASE("two headers of one name are refused, whichever is good") {
  TestRequest request = github_signed("{}", "s");
  request.header("x-hub-signature-256", "sha256=00");
  CHECK(judge("github", {"s"}, request).reason == Reason::kMalformedHeader);
}

TEST_CASE("the age of a good signature decides, and only of a good one") {
  const TestRequest request = stripe_signed("{}", "s", test_now_s);
  CHECK(judge("stripe", {"s"}, request, test_now_s + 300).ok());
  CHECK(judge("stripe", {"s"}, request, test_now_s + 301).reason == Reason::kStaleTimestamp);
  CHECK(judge("stripe", {"s"}, request, test_now_s - 301).reason == Reason::kFutureTimestamp);
  CHECK(judge("stripe", {"x"}, request, test_now_s + 301).reason == Reason::kBadSignature);
  CHECK(judge("stripe", {"s"}, request, test_now_s + 301).rejected().code == Code::kStaleTimestamp);
}

TEST_CASE("a caller's tolerance replaces the preset's, or age is not looked at") {
  const TestRequest request = stripe_signed("{}", "s", test_now_s);
  const std::vector<std::string> secrets = {"s"};
  const Result<Verifier> verifier = Verifier::create(*find_preset("stripe"), secrets);
  REQUIRE(verifier.ok());
  const auto at = [&](Age age) { return verifier->verify(request.view(), age).reason; };
  CHECK(at({.now_s = test_now_s + 900, .tolerance_s = 900}) == Reason::kValid);
  CHECK(at({.now_s = test_now_s + 1, .tolerance_s = 0}) == Reason::kStaleTimestamp);
  CHECK(at({.now_s = test_now_s + 9'999'999, .checked = false}) == Reason::kValid);
}

TEST_CASE("a timestamp that was changed makes the signature bad, not fresh") {
  const std::string signature = hex_hmac("s", "1000.{}");
  TestRequest request;
  request.header("stripe-signature", "t=" + std::to_string(test_now_s) + ",v1=" + signature);
  CHECK(judge("stripe", {"s"}, request).reason == Reason::kBadSignature);
}

TEST_CASE("a request without a signature says which header it lacks") {
  const Verdict verdict = judge("stripe", {"s"}, TestRequest());
  CHECK(verdict.reason == Reason::kMissingHeader);
  CHECK(verdict.detail.find("stripe-signature") != std::string::npos);
}

TEST_CASE("a retired signature is refused with advice") {
  TestRequest request;
  request.header("X-Hub-Signature", "sha1=" + hex_hmac("s", "{}", Hash::kSha1));
  const Verdict verdict = judge("github", {"s"}, request);
  CHECK(verdict.reason == Reason::kUnsupportedVersion);
  CHECK(verdict.detail.find("x-hub-signature-256") != std::string::npos);
}

TEST_CASE("secrets that cannot be of the preset are refused without being shown") {
  const auto refused = [](const char* preset, const std::string& secret) {
    const std::vector<std::string> secrets = {secret};
    const Result<Verifier> made = Verifier::create(*find_preset(preset), secrets);
    REQUIRE(!made.ok());
    CHECK(made.status().message().find("sesame") == std::string::npos);
  };
  refused("github", "");
  refused("discord", "sesame");
  refused("adyen", "sesame");
  refused("standard-webhooks", "whsec_sesame!");
  refused("standard-webhooks", "whsk_sesame");
  refused("postmark", "sesame");
}

TEST_CASE("the signed text is shown with the secret's place, not the secret") {
  TestRequest request("{\"x\":1}");
  request.header("x-hubspot-signature", std::string(64, 'a'));
  const std::vector<std::string> secrets = {"sesame"};
  const Result<Verifier> verifier = Verifier::create(*find_preset("hubspot-v1"), secrets);
  CHECK(verifier->signed_text(request.view()) == "{secret}{\"x\":1}");
}

}  // namespace
}  // namespace penstock::verify
