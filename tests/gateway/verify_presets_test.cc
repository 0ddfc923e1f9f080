// What tests/verify does not reach with the senders' own libraries.
#include <doctest/doctest.h>

#include <set>

#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

const std::string body = R"({"id":7,"name":"Zoë"})";
const std::string url = "https://example.com/hooks/t";
const std::string now = std::to_string(test_now_s);

TEST_CASE("every preset has its own name, and is found by each of its names") {
  std::set<std::string> seen;
  for (const Preset& preset : presets()) {
    CHECK(seen.insert(preset.name).second);
    for (const std::string& alias : preset.aliases) CHECK(seen.insert(alias).second);
    for (const std::string& name : seen) CHECK(find_preset(name) != nullptr);
    CHECK(!preset.title.empty());
    CHECK(!preset.schemes.empty());
  }
  CHECK(find_preset("Standard_Webhooks") == find_preset("svix"));
  CHECK(find_preset("nobody") == nullptr);
  CHECK(preset_suggestion("shopfy").find("shopify") != std::string::npos);
}

TEST_CASE("every preset that signs a time has a limit for it") {
  for (const Preset& preset : presets()) {
    for (const Scheme& scheme : preset.schemes) {
      CAPTURE(preset.name);
      const bool signs_time =
          scheme.text.find("{timestamp}") != std::string::npos || !scheme.time_pointer.empty();
      CHECK(signs_time == (scheme.tolerance_s > 0));
    }
  }
}

struct PlainCase {
  const char* preset;
  const char* header;
  std::string value;
};

TEST_CASE("senders who sign the bare body are verified, and refused when it changed") {
  const PlainCase cases[] = {
      {"bitbucket", "X-Hub-Signature", "sha256=" + hex_hmac("s", body)},
      {"intercom", "X-Hub-Signature", "sha1=" + hex_hmac("s", body, Hash::kSha1)},
      {"meta", "X-Hub-Signature-256", "sha256=" + hex_hmac("s", body)},
      {"typeform", "Typeform-Signature", "sha256=" + base64_hmac("s", body)},
      {"pagerduty", "X-PagerDuty-Signature",
       "v1=" + std::string(64, '0') + ",v1=" + hex_hmac("s", body)},
      {"sentry", "Sentry-Hook-Signature", hex_hmac("s", body)},
      {"vercel", "x-vercel-signature", hex_hmac("s", body, Hash::kSha1)},
      {"shopify", "X-Shopify-Hmac-SHA256", base64_hmac("s", body)},
      {"woocommerce", "X-WC-Webhook-Signature", base64_hmac("s", body)},
      {"asana", "X-Hook-Signature", hex_hmac("s", body)},
      {"dropbox", "X-Dropbox-Signature", hex_hmac("s", body)},
      {"docusign", "X-DocuSign-Signature-2", base64_hmac("s", body)},
      {"paystack", "x-paystack-signature", hex_hmac("s", body, Hash::kSha512)},
      {"circleci", "circleci-signature", "v1=" + hex_hmac("s", body)},
      {"x", "x-twitter-webhooks-signature", "sha256=" + base64_hmac("s", body)},
      {"gitea", "X-Forgejo-Signature", hex_hmac("s", body)},
  };
  for (const PlainCase& c : cases) {
    CAPTURE(c.preset);
    TestRequest request(body);
    request.header(c.header, c.value);
    CHECK(judge(c.preset, {"s"}, request).ok());
    CHECK(judge(c.preset, {"t"}, request).reason == Reason::kBadSignature);
    CHECK(judge(c.preset, {"s"}, request.body(body + " ")).reason == Reason::kBadSignature);
  }
}

TEST_CASE("Trello signs the body and our URL behind it") {
  TestRequest request(body);
  request.header("X-Trello-Webhook", base64_hmac("s", body + url, Hash::kSha1));
  CHECK(judge("trello", {"s"}, request).reason == Reason::kMissingUrl);
  CHECK(judge("trello", {"s"}, request.url(url)).ok());
  CHECK(judge("trello", {"s"}, request.url(url + "/")).reason == Reason::kBadSignature);
}

TEST_CASE("Zoom signs like Slack under its own headers") {
  TestRequest request(body);
  request.header("x-zm-request-timestamp", now);
  request.header("x-zm-signature", "v0=" + hex_hmac("s", "v0:" + now + ":" + body));
  CHECK(judge("zoom", {"s"}, request).ok());
  CHECK(judge("zoom", {"s"}, request, test_now_s + 301).reason == Reason::kStaleTimestamp);
}

TEST_CASE("Box signs body and time; either of its two signatures will do") {
  const std::string at = "2026-09-21T14:13:20Z";
  TestRequest request(body);
  request.header("BOX-DELIVERY-TIMESTAMP", at);
  request.header("BOX-SIGNATURE-PRIMARY", base64_hmac("first", body + at));
  request.header("BOX-SIGNATURE-SECONDARY", base64_hmac("second", body + at));
  const int64_t at_s = 1'790'000'000;
  CHECK(judge("box", {"second"}, request, at_s).ok());
  CHECK(judge("box", {"first"}, request, at_s + 600).ok());
  CHECK(judge("box", {"first"}, request, at_s + 601).reason == Reason::kStaleTimestamp);
}

TEST_CASE("GitLab's token is compared, and its signature wins where there is one") {
  TestRequest token;
  token.header("X-Gitlab-Token", "sesame");
  CHECK(judge("gitlab", {"sesame"}, token).ok());
  CHECK(!judge("gitlab", {"sesame"}, token).covers_body);
  CHECK(judge("gitlab", {"Sesame"}, token).reason == Reason::kBadSignature);
  token.header("webhook-signature", "v1," + base64_hmac("x", "y"));
  token.header("webhook-id", "1").header("webhook-timestamp", now);
  CHECK(judge("gitlab", {"sesame"}, token).reason == Reason::kBadSignature);
}

TEST_CASE("Mailgun's signature is in the body and covers only time and token") {
  const std::string signature = hex_hmac("key", now + "token1");
  TestRequest request(R"({"signature":{"timestamp":")" + now +
                      R"(","token":"token1","signature":")" + signature + R"("},"event-data":{}})");
  const Verdict verdict = judge("mailgun", {"key"}, request);
  CHECK(verdict.ok());
  CHECK(verdict.id == "token1");
  CHECK(!verdict.covers_body);
  CHECK(judge("mailgun", {"key"}, request, test_now_s + 301).reason == Reason::kStaleTimestamp);
  CHECK(judge("mailgun", {"key"}, TestRequest("{}")).reason == Reason::kMissingHeader);
  TestRequest form("timestamp=" + now + "&token=token1&signature=" + signature);
  CHECK(judge("mailgun", {"key"}, form).ok());
}

TEST_CASE("Mandrill signs URL and sorted form") {
  TestRequest request("mandrill_events=%5B%5D&a=1");
  request.url(url).header("X-Mandrill-Signature",
                          base64_hmac("key", url + "a1mandrill_events[]", Hash::kSha1));
  CHECK(judge("mandrill", {"key"}, request).ok());
  CHECK(!judge("mandrill", {"key"}, request.body("mandrill_events=%5B1%5D&a=1")).ok());
}

TEST_CASE("Teams' secret is Base64 and its signature an authorization") {
  TestRequest request(body);
  request.header("Authorization", "HMAC " + base64_hmac("raw key", body));
  CHECK(judge("teams", {encode(Encoding::kBase64, "raw key")}, request).ok());
}

TEST_CASE("a name and password are compared whole") {
  TestRequest request;
  request.header("Authorization", "Basic dXNlcjpwYXNz");
  CHECK(judge("postmark", {"user:pass"}, request).ok());
  CHECK(!judge("postmark", {"user:pas"}, request).ok());
}

TEST_CASE("Twilio's body must be a form, or its hash in the URL") {
  TestRequest request(body);
  request.url(url).header("Content-Type", "application/json");
  request.header("X-Twilio-Signature", base64_hmac("s", url, Hash::kSha1));
  CHECK(judge("twilio", {"s"}, request).reason == Reason::kBodyNotCovered);
}

TEST_CASE("Twilio's URL is good with and without its scheme's port") {
  const std::string form = "A=1";
  TestRequest request(form);
  request.header("X-Twilio-Signature",
                 base64_hmac("s", "https://example.com:443/x?y=1A1", Hash::kSha1));
  CHECK(judge("twilio", {"s"}, request.url("https://example.com/x?y=1")).ok());
  CHECK(judge("twilio", {"s"}, request.url("https://example.com:443/x?y=1")).ok());
  CHECK(!judge("twilio", {"s"}, request.url("http://example.com/x?y=1")).ok());
}

TEST_CASE("Plivo's body must be a form") {
  TestRequest request(body);
  request.url(url).header("Content-Type", "application/json");
  request.header("x-plivo-signature-v3", base64_hmac("s", url + ".1"));
  request.header("x-plivo-signature-v3-nonce", "1");
  CHECK(judge("plivo", {"s"}, request).reason == Reason::kBodyNotCovered);
}

TEST_CASE("HubSpot's URL is signed with some of its escapes undone") {
  const std::string time = now + "000";
  const std::string text = "POSThttps://example.com/a:b@c%20d?x=1,2" + body + time;
  TestRequest request(body);
  request.url("https://example.com/a%3Ab%40c%20d?x=1%2c2");
  request.header("X-HubSpot-Request-Timestamp", time);
  request.header("X-HubSpot-Signature-v3", base64_hmac("s", text));
  CHECK(judge("hubspot", {"s"}, request).ok());
}

TEST_CASE("a bad v3 signature of HubSpot is not saved by a good v1") {
  const std::string_view secret_and_body[] = {"s", body};
  TestRequest request(body);
  request.url(url).header("X-HubSpot-Request-Timestamp", now + "000");
  request.header("X-HubSpot-Signature",
                 encode(Encoding::kHex, digest(Hash::kSha256, secret_and_body)));
  CHECK(judge("hubspot", {"s"}, request).ok());
  request.header("X-HubSpot-Signature-v3", base64_hmac("x", "y"));
  CHECK(judge("hubspot", {"s"}, request).reason == Reason::kBadSignature);
}

TEST_CASE("Adyen's items must all be signed, and have no member twice") {
  const auto item = [](const std::string& signature, const std::string& more) {
    return R"({"NotificationRequestItem":{"pspReference":"p","amount":{"value":1,"currency":"EUR"},)"
           R"("eventCode":"A","success":"true","additionalData":{"hmacSignature":")" +
           signature + "\"}" + more + "}}";
  };
  const std::string good = item(base64_hmac("\x12", "p::::1:EUR:A:true"), "");
  const auto with = [](const std::string& items) {
    return TestRequest("{\"notificationItems\":[" + items + "]}");
  };
  CHECK(judge("adyen", {"12"}, with(good)).ok());
  CHECK(judge("adyen", {"12"}, with(good + "," + good)).ok());
  CHECK(!judge("adyen", {"12"}, with(good + "," + item(base64_hmac("x", "y"), ""))).ok());
  const std::string twice =
      item(base64_hmac("\x12", "p::::1:EUR:A:true"), R"(,"pspReference":"forged")");
  CHECK(judge("adyen", {"12"}, with(twice)).reason == Reason::kMalformedBody);
  CHECK(judge("adyen", {"12"}, with("")).reason == Reason::kMissingHeader);
}

TEST_CASE("Linear's time is in the signed body, and must be there") {
  const auto signed_body = [](const std::string& text) {
    TestRequest request(text);
    request.header("Linear-Signature", hex_hmac("s", text));
    return request;
  };
  const std::string fresh = R"({"webhookTimestamp":)" + now + "000}";
  CHECK(judge("linear", {"s"}, signed_body(fresh), test_now_s + 60).ok());
  CHECK(judge("linear", {"s"}, signed_body(fresh), test_now_s + 61).reason ==
        Reason::kStaleTimestamp);
  CHECK(judge("linear", {"s"}, signed_body("{}")).reason == Reason::kMalformedBody);
  CHECK(judge("linear", {"t"}, signed_body("{}")).reason == Reason::kBadSignature);
}

}  // namespace
}  // namespace penstock::verify
