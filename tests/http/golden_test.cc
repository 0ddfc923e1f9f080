// Replays every case of tests/http/golden against a server on a real socket: in one piece, cut in
// two at every byte, and byte by byte. The outcome must not depend on the cuts.
#include "tests/http/golden.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

constexpr size_t kCutsMax = 400;  // a longer request is cut at so many places, evenly

/// An answer taken off the front of what a client received.
struct ReadAnswer {
  int status = 0;
  std::string head;
  std::string body;
};

size_t content_length(const std::string& head) {
  const size_t at = head.find("Content-Length: ");
  size_t length = 0;
  if (at != head.npos) std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
  return length;
}

/// False: `text` does not begin with a whole answer.
bool read_answer(std::string& text, bool head_only, ReadAnswer& out) {
  const size_t end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == text.npos) return false;
  out.head = text.substr(0, end + 2);
  std::from_chars(text.data() + 9, text.data() + 12, out.status);
  const size_t length = head_only ? 0 : content_length(out.head);
  if (text.size() < end + 4 + length) return false;
  out.body = text.substr(end + 4, length);
  text.erase(0, end + 4 + length);
  return true;
}

/// Why the answer is not the expected one, "" when it is.
std::string differs(const ReadAnswer& got, const ExpectedAnswer& expected) {
  if (got.status != expected.status) return "status " + std::to_string(got.status);
  const bool close = got.head.find("Connection: close\r\n") != got.head.npos;
  if (close != expected.close) return close ? "it closes" : "it does not close";
  const bool is_problem = got.head.find("application/problem+json") != got.head.npos;
  if (is_problem == expected.code.empty()) return is_problem ? "a problem" : "no problem";
  const std::string code = "\"code\":\"" + expected.code + "\"";
  if (is_problem && !expected.head_only && got.body.find(code) == got.body.npos) return got.body;
  return "";
}

/// Why what the client received is not what the case says, "" when it is.
std::string check_answers(const GoldenCase& golden, std::string received) {
  for (const ExpectedAnswer& expected : golden.answers) {
    ReadAnswer got;
    if (!read_answer(received, expected.head_only, got)) return "no whole answer: " + received;
    const std::string difference = differs(got, expected);
    if (!difference.empty())
      return std::to_string(expected.status) + " expected, but " + difference;
  }
  return received.empty() ? "" : "more was answered: " + received;
}

std::string check_requests(const GoldenCase& golden, const std::vector<std::string>& seen) {
  if (golden.requests_given && seen != golden.requests) {
    std::string text = "the application saw";
    for (const std::string& request : seen) text += " [" + request + "]";
    return text;
  }
  const auto taken = std::count_if(golden.answers.begin(), golden.answers.end(),
                                   [](const ExpectedAnswer& a) { return a.status / 100 == 2; });
  return static_cast<size_t>(taken) == seen.size() ? ""
                                                   : "the application saw more or fewer requests";
}

/// A connection that stays must be at the start of a request, not inside one.
std::string check_end(const GoldenCase& golden, Client& client) {
  const bool closes = golden.half_close || (!golden.answers.empty() && golden.answers.back().close);
  if (closes) return client.ended() ? "" : "the connection stays open";
  client.send("GET /probe HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = client.take();
  const bool ok = answer.starts_with("HTTP/1.1 200 OK\r\n");
  return ok ? "" : "the next request is answered " + answer.substr(0, 12);
}

/// Sends the bytes in pieces that end at `cuts` and says what went wrong, "" for nothing.
std::string replay(World& world, const GoldenCase& golden, const std::vector<size_t>& cuts) {
  world.handler.requests.clear();
  Client client(world);
  size_t sent = 0;
  for (const size_t cut : cuts) {
    client.send(std::string_view(golden.bytes).substr(sent, cut - sent));
    sent = cut;
  }
  client.send(std::string_view(golden.bytes).substr(sent));
  if (golden.half_close) client.end();
  std::string wrong = check_answers(golden, client.take());
  if (wrong.empty()) wrong = check_requests(golden, world.handler.requests);
  if (wrong.empty()) wrong = check_end(golden, client);
  client.reset();
  return wrong;
}

std::vector<size_t> every_byte(size_t size) {
  std::vector<size_t> cuts;
  for (size_t i = 1; i < size; i++) cuts.push_back(i);
  return cuts;
}

TEST_CASE("every golden case is answered as written, however its bytes are cut") {
  World world;
  const std::vector<GoldenCase> cases = read_golden("tests/http/golden");
  REQUIRE(cases.size() > 200);
  for (const GoldenCase& golden : cases) {
    INFO(golden.file, ": ", golden.name);
    CHECK(replay(world, golden, {}) == "");
    const size_t step = std::max<size_t>(1, golden.bytes.size() / kCutsMax);
    std::string wrong;
    for (size_t cut = 1; cut < golden.bytes.size() && wrong.empty(); cut += step) {
      wrong = replay(world, golden, {cut});
      if (!wrong.empty()) wrong = "cut at " + std::to_string(cut) + ": " + wrong;
    }
    CHECK(wrong == "");
    CHECK(replay(world, golden, every_byte(golden.bytes.size())) == "");
  }
}

TEST_CASE("golden cases have names of their own, so that a failure points to one") {
  std::set<std::string> names;
  for (const GoldenCase& golden : read_golden("tests/http/golden")) {
    CHECK_MESSAGE(names.insert(golden.name).second, golden.name);
    CHECK_MESSAGE(!golden.answers.empty(), golden.name);
  }
}

}  // namespace
}  // namespace penstock::gateway::test
