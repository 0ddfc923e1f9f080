#include "bench/http/url.h"

#include <doctest/doctest.h>

#include "bench/cli/masked_command.h"

using namespace penstock::bench;

TEST_CASE("a URL is taken apart") {
  const auto url = Url::parse("http://example.com:8080/hooks/abc?x=1#frag");
  REQUIRE(url.ok());
  CHECK(url->host == "example.com");
  CHECK(url->port == 8080);
  CHECK(url->target == "/hooks/abc?x=1");
  CHECK(url->authority() == "example.com:8080");
}

TEST_CASE("defaults are the scheme's") {
  CHECK(Url::parse("http://h")->port == 80);
  CHECK(Url::parse("https://h")->port == 443);
  CHECK(Url::parse("https://h")->tls);
  CHECK(Url::parse("https://h")->target == "/");
  CHECK(Url::parse("https://h")->authority() == "h");
  CHECK(Url::parse("http://h?q=1")->target == "/?q=1");
}

TEST_CASE("an IPv6 address loses its brackets and gets them back") {
  const auto url = Url::parse("http://[::1]:9/");
  REQUIRE(url.ok());
  CHECK(url->host == "::1");
  CHECK(url->port == 9);
  CHECK(url->authority() == "[::1]:9");
  CHECK(Url::parse("http://[::1]/")->port == 80);
}

TEST_CASE("what is no URL is refused") {
  for (const char* text :
       {"", "example.com", "ftp://h/", "http://", "http:///x", "http://h:0/", "http://h:65536/",
        "http://h:x/", "http://u:p@h/", "http://h/a b", "http://h/\r\nX: y"})
    CHECK_FALSE_MESSAGE(Url::parse(text).ok(), text);
}

TEST_CASE("a report's command line holds no secret") {
  const char* argv[] = {"penstock-bench",
                        "run",
                        "http://h/hooks/s3cr3t?x=1",
                        "--secret",
                        "s3cr3t",
                        "--token=s3cr3t",
                        "-H",
                        "x-api-key: s3cr3t",
                        "--header=Authorization: Bearer s3cr3t",
                        "-c",
                        "64"};
  const std::string text = masked_command(11, argv);
  CHECK(text.find("s3cr3t") == std::string::npos);
  CHECK(text.find("x-api-key") != std::string::npos);
  CHECK(text.ends_with("-c 64"));
}
