#include "bench/http/response_parser.h"

#include <doctest/doctest.h>

using penstock::bench::ResponseParser;

static constexpr std::string_view kAck =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
    "location: /v1/runs/01940000-0000-7000-8000-000000000001\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
static constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
    "chunked\r\n\r\n4\r\nWiki\r\n6;x=y\r\npedia!\r\n0\r\nTrailer: t\r\n\r\n";

TEST_CASE("an ack gives its status, run and body") {
  ResponseParser parser;
  CHECK(parser.feed(kAck) == kAck.size());
  REQUIRE(parser.done());
  CHECK(parser.head().status == 202);
  CHECK(parser.head().run.text() == "01940000-0000-7000-8000-000000000001");
  CHECK(parser.body() == "{\"a\":1}");
  CHECK_FALSE(parser.head().close);
}

TEST_CASE("cut anywhere, a response reads the same") {
  for (const std::string_view whole : {kAck, kChunked}) {
    for (size_t cut = 1; cut < whole.size(); cut++) {
      ResponseParser parser;
      CHECK(parser.feed(whole.substr(0, cut)) == cut);
      CHECK_FALSE(parser.done());
      CHECK(parser.feed(whole.substr(cut)) == whole.size() - cut);
      CHECK(parser.done());
    }
  }
}

TEST_CASE("byte by byte, a response reads the same") {
  ResponseParser parser;
  for (size_t i = 0; i < kChunked.size(); i++) CHECK(parser.feed(kChunked.substr(i, 1)) == 1);
  REQUIRE(parser.done());
  CHECK(parser.body() == "Wikipedia!");
}

TEST_CASE("pipelined responses are taken one at a time") {
  const std::string two = std::string(kAck) + std::string(kChunked);
  ResponseParser parser;
  CHECK(parser.feed(two) == kAck.size());
  parser.next();
  CHECK(parser.feed(std::string_view(two).substr(kAck.size())) == kChunked.size());
  CHECK(parser.done());
}

TEST_CASE("100 Continue is passed over") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 100 Continue\r\n\r\n");
  CHECK_FALSE(parser.done());
  parser.feed(kAck);
  REQUIRE(parser.done());
  CHECK(parser.head().status == 202);
}

TEST_CASE("without a length the body ends with the connection") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\n\r\nall of it");
  CHECK_FALSE(parser.done());
  CHECK(parser.on_close());
  CHECK(parser.done());
  CHECK(parser.head().close);
  CHECK(parser.body() == "all of it");
}

TEST_CASE("a connection cut inside a body is no response") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK_FALSE(parser.on_close());
  CHECK_FALSE(parser.done());
}

TEST_CASE("204 has no body") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(parser.done());
}

TEST_CASE("what is no HTTP/1 is broken") {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"}) {
    ResponseParser parser;
    std::string_view rest = text;
    while (!rest.empty() && !parser.broken() && !parser.done())
      rest.remove_prefix(parser.feed(rest));
    CHECK_MESSAGE(parser.broken(), text);
  }
}

TEST_CASE("an endless head is given up") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\n");
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 100 && !parser.broken(); i++) parser.feed(line);
  CHECK(parser.broken());
}

TEST_CASE("an endless chunk line is given up") {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100 && !parser.broken(); i++) parser.feed(std::string(1000, '1'));
  CHECK(parser.broken());
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection") {
  ResponseParser parser;
  parser.feed("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK(parser.head().close);
  parser.next();
  parser.feed("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n");
  CHECK(parser.head().close);
}
