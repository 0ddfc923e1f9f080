#include "gateway/http/head_check.h"

#include <doctest/doctest.h>

#include "gateway/http/http_parser.h"

namespace penstock::gateway {
namespace {

constexpr HeadLimits kLimits{1024, 8, 256};
using Verdict = HeadCheck::Verdict;

TEST_CASE("a head is whole at its empty line and not a byte earlier") {
  const std::string head = "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  HeadCheck check;
  for (size_t size = 0; size < head.size(); size++) {
    CHECK(check.scan(std::string_view(head).substr(0, size), kLimits) == Verdict::kMore);
  }
  CHECK(check.scan(head + "abc", kLimits) == Verdict::kWhole);
  CHECK(check.head_size() == head.size());
  CHECK(check.facts().framing.content_length() == 3);
  CHECK(check.facts().method == Method::kPost);
  CHECK_FALSE(check.facts().close);
}

TEST_CASE("a wrong byte is refused as soon as it is there") {
  HeadCheck check;
  CHECK(check.scan("GET /", kLimits) == Verdict::kMore);
  CHECK(check.scan(std::string_view("GET /\0", 6), kLimits) == Verdict::kRefused);
  CHECK(check.refusal().code == Code::kBadRequest);
}

TEST_CASE("a CR at the end of what has come waits for its LF") {
  HeadCheck check;
  CHECK(check.scan("GET / HTTP/1.1\r", kLimits) == Verdict::kMore);
  CHECK(check.scan("GET / HTTP/1.1\r\n", kLimits) == Verdict::kMore);
  CHECK(check.scan("GET / HTTP/1.1\r\nA: b\rc", kLimits) == Verdict::kRefused);
}

TEST_CASE("a target that never ends is refused at its limit") {
  HeadCheck check;
  const std::string line = "GET /" + std::string(kLimits.target_bytes_max + 32, 'a');
  CHECK(check.scan(line, kLimits) == Verdict::kRefused);
  CHECK(check.refusal().code == Code::kUriTooLong);
}

TEST_CASE("a head that never ends is refused at its limit") {
  HeadCheck check;
  const std::string head = "GET / HTTP/1.1\r\nX: " + std::string(kLimits.head_bytes_max, 'a');
  CHECK(check.scan(head, kLimits) == Verdict::kRefused);
  CHECK(check.refusal().code == Code::kHeadersTooLarge);
}

TEST_CASE("what HTTP/1.0 does not have is not expected of it") {
  HeadCheck check;
  CHECK(check.scan("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", kLimits) == Verdict::kWhole);
  CHECK(check.facts().close);
  CHECK(check.facts().http_1_0);
  CHECK_FALSE(check.facts().expects_continue);
}

struct Parsed {
  std::string bytes;
  RequestHead head;
  bool ok = false;
};

void parse(Parsed& parsed) {
  HeadCheck check;
  HttpParser parser;
  REQUIRE(check.scan(parsed.bytes, kLimits) == Verdict::kWhole);
  parsed.ok = !parser.parse(parsed.bytes, check.facts(), parsed.head);
}

TEST_CASE("a parsed head has its parts as they were sent") {
  Parsed parsed{
      "\r\nPUT http://h:1/p%20q?x=1&y HTTP/1.1\r\nHOST: h\r\nX-A:  b c \t\r\nX-E:\r\n\r\n", {}};
  parse(parsed);
  REQUIRE(parsed.ok);
  CHECK(parsed.head.method == Method::kPut);
  CHECK(parsed.head.method_text == "PUT");
  CHECK(parsed.head.target == "http://h:1/p%20q?x=1&y");
  CHECK(parsed.head.path == "/p%20q");
  CHECK(parsed.head.query == "x=1&y");
  REQUIRE(parsed.head.headers.size() == 3);
  CHECK(parsed.head.headers[0].name == "HOST");
  CHECK(parsed.head.header("x-a") == "b c");
  CHECK(parsed.head.header("X-E") == "");
  CHECK_FALSE(parsed.head.header("x-none"));
}

TEST_CASE("a parsed head can move with its bytes") {
  Parsed parsed{"GET /a?b HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n", {}};
  parse(parsed);
  const std::string copy = parsed.bytes;
  rebase(parsed.head, parsed.bytes.data(), copy.data());
  parsed.bytes.assign(parsed.bytes.size(), '#');
  CHECK(parsed.head.path == "/a");
  CHECK(parsed.head.query == "b");
  CHECK(parsed.head.method_text == "GET");
  CHECK(parsed.head.header("x") == "y");
}

TEST_CASE("what llhttp reads otherwise is refused") {
  // The raw check is told here that there is a body of known length; llhttp sees none.
  HeadCheck other;
  REQUIRE(other.scan("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", kLimits) ==
          Verdict::kWhole);
  HttpParser parser;
  RequestHead head;
  CHECK(parser.parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n", other.facts(), head));
}

}  // namespace
}  // namespace penstock::gateway
