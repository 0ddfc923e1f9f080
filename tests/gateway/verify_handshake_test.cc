#include <doctest/doctest.h>

#include "gateway/verify/handshake.h"
#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

const std::vector<std::string> secrets = {"s3cret"};

std::string signed_answer(const char* preset, const std::string& body) {
  const TestRequest request(body);
  const auto answer = answer_signed_handshake(*find_preset(preset), secrets, request.view());
  return answer ? answer->body : "none";
}

std::string unsigned_answer(const char* preset, const char* method, std::string_view query,
                            std::string_view verify_token = "") {
  TestRequest request("");
  request.method(method);
  const auto answer = answer_unsigned_handshake(*find_preset(preset), request.view(), query,
                                                {secrets, verify_token});
  return answer ? std::to_string(answer->status) + " " + answer->body : "none";
}

TEST_CASE("Slack gets its challenge back, and events pass") {
  CHECK(signed_answer("slack", R"({"type":"url_verification","challenge":"3eZbrw1a"})") ==
        "3eZbrw1a");
  CHECK(signed_answer("slack", R"({"type":"event_callback","challenge":"x"})") == "none");
  CHECK(signed_answer("slack", R"({"type":"url_verification"})") == "none");
  CHECK(signed_answer("slack", "payload=1") == "none");
  CHECK(signed_answer("github", R"({"type":"url_verification","challenge":"x"})") == "none");
}

TEST_CASE("Zoom gets its token and the token signed") {
  const std::string event =
      R"({"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZ"}})";
  CHECK(signed_answer("zoom", event) ==
        R"({"plainToken":"qgg8vlvZ","encryptedToken":")" + hex_hmac("s3cret", "qgg8vlvZ") + "\"}");
}

TEST_CASE("nothing is signed that an event could be") {
  CHECK(signed_answer(
            "zoom", R"({"event":"endpoint.url_validation","payload":{"plainToken":"v0:1:{}"}})") ==
        "none");
  CHECK(unsigned_answer("x", "GET", "crc_token=%7B%22a%22%3A1%7D") == "none");
}

TEST_CASE("Discord's ping is answered") {
  CHECK(signed_answer("discord", R"({"type":1})") == R"({"type":1})");
  CHECK(signed_answer("discord", R"({"type":2})") == "none");
}

TEST_CASE("Meta gets its challenge only with our token") {
  const std::string_view query = "hub.mode=subscribe&hub.challenge=115&hub.verify_token=t0k%20en";
  CHECK(unsigned_answer("meta", "GET", query, "t0k en") == "200 115");
  CHECK(unsigned_answer("meta", "GET", query, "other").starts_with("403"));
  CHECK(unsigned_answer("meta", "GET", query, "").starts_with("403"));
  CHECK(unsigned_answer("meta", "POST", query, "t0k en") == "none");
}

TEST_CASE("Dropbox, X and Trello are answered") {
  CHECK(unsigned_answer("dropbox", "GET", "challenge=abc") == "200 abc");
  CHECK(unsigned_answer("x", "GET", "crc_token=abc") ==
        "200 {\"response_token\":\"sha256=" + base64_hmac("s3cret", "abc") + "\"}");
  CHECK(unsigned_answer("trello", "HEAD", "") == "200 ");
  CHECK(unsigned_answer("github", "GET", "challenge=abc") == "none");
}

TEST_CASE("a challenge is shown as text that no browser runs, and is bounded") {
  TestRequest request("");
  request.method("GET");
  const auto answer = answer_unsigned_handshake(*find_preset("dropbox"), request.view(),
                                                "challenge=%3Cscript%3E", {secrets, ""});
  REQUIRE(answer);
  CHECK(answer->content_type == "text/plain");
  CHECK(answer->headers.find("nosniff") != std::string::npos);
  CHECK(unsigned_answer("dropbox", "GET", "challenge=" + std::string(5000, 'a')) == "none");
}

TEST_CASE("CloudEvents senders are allowed, and no header is smuggled") {
  TestRequest request("");
  request.method("OPTIONS").header("WebHook-Request-Origin", "events.example.com");
  request.header("WebHook-Request-Rate", "120");
  const auto answer = answer_cloudevents_options(request.view(), {secrets, ""});
  REQUIRE(answer);
  CHECK(answer->headers.find("WebHook-Allowed-Origin: events.example.com\r\n") !=
        std::string::npos);
  CHECK(answer->headers.find("WebHook-Allowed-Rate: *\r\n") != std::string::npos);
  TestRequest bad("");
  bad.method("OPTIONS").header("WebHook-Request-Origin", "a\r\nSet-Cookie: x");
  CHECK(!answer_cloudevents_options(bad.view(), {secrets, ""}));
  CHECK(!answer_cloudevents_options(TestRequest("").method("OPTIONS").view(), {secrets, ""}));
}

}  // namespace
}  // namespace penstock::verify
