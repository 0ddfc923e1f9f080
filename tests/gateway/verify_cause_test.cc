#include <doctest/doctest.h>

#include "gateway/verify/body_spelling.h"
#include "gateway/verify/cause.h"
#include "gateway/verify/free_form.h"
#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

std::string causes(const char* preset, const std::string& secret, const TestRequest& request,
                   int64_t now_s = test_now_s) {
  const Verdict verdict = judge(preset, {secret}, request, now_s);
  const std::vector<std::string> secrets = {secret};
  std::string all;
  for (const std::string& cause :
       likely_causes(*find_preset(preset), secrets, request.view(), verdict, {.now_s = now_s}))
    (all += cause) += "\n";
  CHECK(all.find(secret) == std::string::npos);
  return all;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TestRequest github(const std::string& sent, const std::string& signed_body,
                   const std::string& secret = "the key") {
  TestRequest request(sent);
  request.header("X-Hub-Signature-256", "sha256=" + hex_hmac(secret, signed_body));
  return request;
}

TEST_CASE("a body that was written anew is recognised") {
  const std::string compact = R"({"a":[1,2],"b":{},"c":"x: {, \" }"})";
  const std::string indented =
      "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": \"x: {, \\\" }\"\n}";
  const std::string spaced = R"({"a": [1, 2], "b": {}, "c": "x: {, \" }"})";
  CHECK(says(causes("github", "the key", github(indented, compact)), "compact JSON"));
  CHECK(says(causes("github", "the key", github(compact, indented)), "indented by 2"));
  CHECK(says(causes("github", "the key", github(compact, spaced)), "spaces behind commas"));
  CHECK(says(causes("github", "the key", github("{}\n", "{}")), "without the line break"));
  CHECK(says(causes("github", "the key", github("a\nb", "a\r\nb")), "\\r\\n for each"));
}

TEST_CASE("a secret in another form is recognised") {
  const auto fits = [](const std::string& given, const std::string& used) {
    return causes("github", given, github("{}", "{}", used));
  };
  CHECK(says(fits("the key\n", "the key"), "white space"));
  CHECK(says(fits("dGhlIGtleQ==", "the key"), "decoded from Base64"));
  CHECK(says(fits("746865206b6579", "the key"), "decoded from hex"));
  CHECK(says(fits("whsec_abc", "abc"), "without its prefix"));
  CHECK(says(fits("other key", "the key"), "another secret"));
}

TEST_CASE("another algorithm or encoding is recognised") {
  TestRequest sha512("{}");
  sha512.header("x-hub-signature-256", "sha256=" + hex_hmac("the key", "{}", Hash::kSha512));
  CHECK(says(causes("github", "the key", sha512), "sha512"));
  TestRequest hex("{}");
  hex.header("x-shopify-hmac-sha256", hex_hmac("the key", "{}"));
  CHECK(says(causes("shopify", "the key", hex), "hex for Base64"));
}

TEST_CASE("a URL as a proxy sees it is recognised") {
  const auto square = [](const std::string& ours) {
    TestRequest request("{}");
    request.url(ours).header("x-square-hmacsha256-signature",
                             base64_hmac("the key", "https://example.com/x?y=1{}"));
    return causes("square", "the key", request);
  };
  CHECK(says(square("http://example.com/x?y=1"), "with https: set public_url"));
  CHECK(says(square("https://example.com:443/x?y=1"), "without its port"));
  CHECK(says(square("https://example.com/x/?y=1"), "without the slash"));
}

TEST_CASE("a clock that is off, and a time in the wrong unit, are told apart") {
  const auto stripe = [](const std::string& time) {
    TestRequest request("{}");
    request.header("stripe-signature", "t=" + time + ",v1=" + hex_hmac("the key", time + ".{}"));
    return causes("stripe", "the key", request);
  };
  CHECK(says(stripe(std::to_string(test_now_s - 400)), "off by 400 s"));
  CHECK(says(stripe(std::to_string(test_now_s + 400)), "off by 400 s"));
  CHECK(says(stripe(std::to_string(test_now_s) + "000"), "milliseconds"));
}

TEST_CASE("another sender's header is recognised") {
  TestRequest request("{}");
  request.header("Stripe-Signature", "t=1,v1=aa");
  CHECK(says(causes("github", "the key", request), "preset \"stripe\""));
}

TEST_CASE("spellings do not grow without bound, and strange JSON does no harm") {
  CHECK(body_spellings(std::string(2'000'000, 'x')).empty());
  size_t bytes = 0;
  for (const BodySpelling& s : body_spellings(std::string(20'000, '['))) bytes += s.body.size();
  CHECK(bytes < 10'000'000);
  for (const auto text : {"{\"", "{\"\\", "]]]]", "{}}}", "[,:"}) (void)body_spellings(text);
}

TEST_CASE("a free form says what is signed, where, and how") {
  FreeForm form = {.header = "X-Sig",
                   .algorithm = "sha512",
                   .encoding = "base64",
                   .prefix = "v1=",
                   .text = "{timestamp}.{method}.{path}.{header:X-Extra}.{body}",
                   .timestamp_header = "X-Time"};
  const Result<Preset> preset = free_form_preset(form);
  REQUIRE(preset.ok());
  const std::string now = std::to_string(test_now_s);
  TestRequest request("{}");
  request.url("https://example.com/a/b?c").header("x-time", now).header("x-extra", "e");
  request.header("x-sig", "v1=" + base64_hmac("s", now + ".POST./a/b.e.{}", Hash::kSha512));
  CHECK(judge(*preset, {"s"}, request).ok());
  CHECK(judge(*preset, {"s"}, request, test_now_s + 301).reason == Reason::kStaleTimestamp);
}

TEST_CASE("what is not said of a free form is guessed from the request") {
  const auto good = [](const char* name, const std::string& value, const FreeForm& form) {
    TestRequest request("{}");
    request.header(name, value);
    const Result<Preset> preset = free_form_preset(guessed(form, request.view()));
    return preset.ok() && judge(*preset, {"s"}, request).ok();
  };
  CHECK(good("X-Acme-Signature", "sha512=" + hex_hmac("s", "{}", Hash::kSha512), {}));
  CHECK(good("X-Acme-Hmac", base64_hmac("s", "{}", Hash::kSha1), {}));
  CHECK(good("X-Signature", hex_hmac("s", "{}"), {}));
  CHECK(!good("X-Signature", hex_hmac("s", "{}", Hash::kSha1), {.algorithm = "sha384"}));
}

TEST_CASE("a free form that cannot be meant is refused") {
  CHECK(!free_form_preset({.algorithm = "md5"}).ok());
  CHECK(!free_form_preset({.encoding = "octal"}).ok());
  CHECK(!free_form_preset({.text = "{bdy}"}).ok());
  CHECK(!free_form_preset({.text = "{body"}).ok());
  CHECK(!free_form_preset({.text = "{timestamp}{body}"}).ok());
  CHECK(!free_form_preset({.timestamp_header = "x-time"}).ok());
  CHECK(!free_form_preset({.text = "{secret}{body}"}).ok());
  CHECK(free_form_preset({.text = "{{x}}{body}"}).ok());
}

}  // namespace
}  // namespace penstock::verify
