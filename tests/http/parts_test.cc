// The small pure parts: deadlines, the write queue, held answers, problems, response heads.
#include <doctest/doctest.h>

#include "gateway/http/answers.h"
#include "gateway/http/deadlines.h"
#include "gateway/http/response_writer.h"
#include "gateway/http/write_queue.h"

namespace penstock::gateway {
namespace {

constexpr Deadlines::Durations kDurations{0, 10, 20, 75, 5, 30};

TEST_CASE("deadlines come due in their order, each once") {
  Deadlines deadlines(kDurations);
  DeadlineNode head, body, late;
  deadlines.set(body, Deadline::kBody, 100);
  deadlines.set(head, Deadline::kHead, 105);
  deadlines.set(late, Deadline::kHead, 106);
  CHECK(deadlines.next_ms() == 115);
  Deadline kind = Deadline::kNone;
  CHECK(deadlines.take_due(114, kind) == nullptr);
  CHECK(deadlines.take_due(115, kind) == &head);
  CHECK(kind == Deadline::kHead);
  CHECK(deadlines.take_due(115, kind) == nullptr);
  CHECK(deadlines.take_due(120, kind) == &late);
  CHECK(deadlines.take_due(120, kind) == &body);
  CHECK(deadlines.next_ms() == Deadlines::never);
}

TEST_CASE("a deadline set anew replaces the old one") {
  Deadlines deadlines(kDurations);
  DeadlineNode node;
  deadlines.set(node, Deadline::kHead, 100);
  deadlines.set(node, Deadline::kKeepAlive, 101);
  CHECK(deadlines.next_ms() == 176);
  deadlines.set(node, Deadline::kNone, 102);
  CHECK(deadlines.next_ms() == Deadlines::never);
}

TEST_CASE("a node that ends takes itself out") {
  Deadlines deadlines(kDurations);
  {
    DeadlineNode node;
    deadlines.set(node, Deadline::kHead, 1);
  }
  CHECK(deadlines.next_ms() == Deadlines::never);
}

std::string drain(WriteQueue& queue, size_t step) {
  std::string out;
  while (!queue.empty()) {
    uv_buf_t buffers[3];
    const size_t count = queue.buffers(buffers, 3);
    std::string seen;
    for (size_t i = 0; i < count; i++) seen.append(buffers[i].base, buffers[i].len);
    const size_t taken = std::min(step, seen.size());
    out.append(seen, 0, taken);
    queue.consume(taken);
  }
  return out;
}

TEST_CASE("queued bytes come out in order, whatever is taken at once") {
  for (const size_t step : {size_t{1}, size_t{7}, size_t{5000}, size_t{1} << 20}) {
    WriteQueue queue;
    std::string expected;
    for (int i = 0; i < 40; i++) {
      const std::string small(static_cast<size_t>(i * 3), static_cast<char>('a' + i % 26));
      std::string large(i % 10 == 0 ? 9000 : 10, 'L');
      expected += small + large;
      queue.append(std::string_view(small));
      queue.append(std::move(large));
    }
    CHECK(queue.size() == expected.size());
    CHECK(drain(queue, step) == expected);
    CHECK(queue.pieces() == 0);
  }
}

TEST_CASE("answers are found by sequence until they have left") {
  Answers answers;
  CHECK(answers.open({}) == 0);
  CHECK(answers.open({}) == 1);
  answers.find(1)->phase = Answer::Phase::kWaiting;
  CHECK(answers.with_application() == std::vector<uint32_t>{1});
  answers.pop();
  CHECK(answers.find(0) == nullptr);
  CHECK(answers.find(1) == answers.front());
  CHECK(answers.find(2) == nullptr);
  answers.clear();
  CHECK(answers.find(1) == nullptr);
  CHECK(answers.open({}) == 2);
}

TEST_CASE("a problem is JSON whatever is quoted in it") {
  const Response response =
      problem(Code::kRateLimited, "say \"\\\n\x01\xff\xed\xa0\x80\xc3\xa9", "/x", "id", 7);
  CHECK(response.status == 429);
  CHECK(response.headers == "Retry-After: 7\r\n");
  CHECK(response.body ==
        "{\"type\":\"urn:penstock:problem:rate_limited\",\"title\":\"Too many "
        "requests\",\"status\":429,"
        "\"detail\":\"say "
        "\\\"\\\\\\u000a\\u0001\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\","
        "\"instance\":\"/x\",\"code\":\"rate_limited\",\"retryable\":true,\"id\":\"id\"}");
}

std::string head_of(uint16_t status, BodyEnd end, bool close) {
  ResponseWriter writer;
  Response response;
  response.status = status;
  response.body = "{}";
  response.headers = "X: y\r\n";
  std::string out;
  writer.append_head(out, response, end, close);
  const size_t date = out.find("Date: ");
  REQUIRE(out.substr(date + 6 + 29, 2) == "\r\n");
  return out.erase(date, 6 + 29 + 2);
}

TEST_CASE("a response head says where its body ends") {
  CHECK(head_of(200, BodyEnd::kLength, false) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX: y\r\n\r\n");
  CHECK(
      head_of(200, BodyEnd::kChunked, true) ==
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nX: y\r\n"
      "Connection: close\r\n\r\n");
  CHECK(head_of(204, BodyEnd::kLength, false) == "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n");
  CHECK(head_of(299, BodyEnd::kClose, false) ==
        "HTTP/1.1 299 \r\nContent-Type: application/json\r\nX: y\r\n\r\n");
}

}  // namespace
}  // namespace penstock::gateway
