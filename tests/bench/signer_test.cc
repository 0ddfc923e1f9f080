// The expected codes are the providers' own published examples.
#include "bench/load/signer.h"

#include <doctest/doctest.h>

using namespace penstock::bench;

static std::string signed_headers(std::string_view preset, const std::string& secret,
                                  std::string_view id, uint64_t at, std::string_view body) {
  auto signer = Signer::make(preset, secret, "");
  REQUIRE(signer.ok());
  std::string out;
  (*signer)->append(id, at, body, out);
  return out;
}

TEST_CASE("standard-webhooks signs as its specification's example") {
  const std::string out =
      signed_headers("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                     "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})");
  CHECK(out ==
        "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: 1614265330\r\n"
        "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n");
}

TEST_CASE("github signs as its documentation's example") {
  const std::string out =
      signed_headers("github", "It's a Secret to Everybody", "d1", 1, "Hello, World!");
  CHECK(out.find("X-Hub-Signature-256: "
                 "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\r\n") !=
        std::string::npos);
}

TEST_CASE("slack signs as its documentation's example") {
  const std::string body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
      "G8PSS9T3V&channel_name=foobar"
      "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%"
      "3A%2F%2Fhooks.slack.com"
      "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
      "47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  const std::string out =
      signed_headers("slack", "8f742231b10e8888abcd99yyyzzz85a5", "", 1531420618, body);
  CHECK(out.find("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503") !=
        std::string::npos);
}

TEST_CASE("stripe signs the time and the body") {
  const auto hmac = Hmac::make("SHA256", "whsec_x");
  REQUIRE(hmac.ok());
  const std::string code = hex((*hmac)->sign("", "5.{}"));
  CHECK(signed_headers("stripe", "whsec_x", "", 5, "{}") ==
        "Stripe-Signature: t=5,v1=" + code + "\r\n");
}

TEST_CASE("a signer gives the same code twice") {
  auto signer = Signer::make("hmac", "k", "X-Mine");
  REQUIRE(signer.ok());
  std::string first, second;
  (*signer)->append("a", 1, "body", first);
  (*signer)->append("b", 2, "body", second);
  CHECK(first == second);
  CHECK(first.starts_with("X-Mine: "));
}

TEST_CASE("an unknown preset and an empty or damaged secret are refused") {
  CHECK_FALSE(Signer::make("gitlabb", "k", "").ok());
  CHECK_FALSE(Signer::make("github", "", "").ok());
  CHECK_FALSE(Signer::make("standard-webhooks", "whsec_!!!", "").ok());
}
