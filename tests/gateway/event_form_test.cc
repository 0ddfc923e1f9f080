#include "gateway/app/event_form.h"

#include <doctest/doctest.h>

#include "gateway/app/openai_stream.h"

namespace penstock::gateway {
namespace {

Id some_id() { return *Id::from_text("01890a5d-ac96-774b-bcce-b302099a8057"); }

records::StreamPiece piece(std::string type, std::string data) {
  records::StreamPiece made;
  made.set_type(std::move(type));
  made.set_data(std::move(data));
  return made;
}

records::ResultRecord result(uint32_t pieces, records::RunStatus status = records::SUCCEEDED) {
  records::ResultRecord made;
  made.set_started_at_ms(1);
  made.set_stream_count(pieces);
  made.mutable_outcome()->set_status(status);
  made.mutable_outcome()->set_body("\"ab\"");
  return made;
}

/// All that a reader who has `after` is told of a run with two pieces.
std::string told(int64_t after) {
  EventForm form(some_id(), after);
  std::string out;
  form.status(records::QUEUED, out);
  const uint32_t from = EventForm::first_piece(after);
  if (from < 1) form.piece(0, piece("delta", "a\r\n\""), out);
  if (from < 2) form.piece(1, piece("task", "{\"x\":1}"), out);
  form.end(result(2), out);
  return out;
}

TEST_CASE("what a reader lacks is the rest of what another was told, from any id") {
  const std::string whole = told(-1);
  CHECK(whole.find("id: 2\nevent: delta\ndata: {\"text\":\"a\\r\\n\\\"\"}\n\n") != std::string::npos);
  for (int64_t after = 0; after < EventForm::last_id(result(2)); after++) {
    const size_t at = whole.find("id: " + std::to_string(after + 1) + "\n");
    REQUIRE(at != std::string::npos);
    CHECK(told(after) == whole.substr(at));
  }
  CHECK(told(EventForm::last_id(result(2))).empty());
}

TEST_CASE("a change of state between is told without an id") {
  EventForm form(some_id(), -1);
  std::string out;
  form.status(records::RUNNING, out);
  out.clear();
  form.status(records::WAITING, out);
  CHECK(out.starts_with("event: status\ndata: {"));
  CHECK(out.find("waiting") != std::string::npos);
}

TEST_CASE("behind an early reply only a failure is news") {
  records::ResultRecord good = result(1), bad = result(1, records::FAILED);
  good.set_reply_piece(1);
  bad.set_reply_piece(1);
  std::string out;
  EventForm(some_id(), 2).end(good, out);
  CHECK(out.find("event: result") == std::string::npos);
  EventForm(some_id(), 2).end(bad, out);
  CHECK(out.find("event: error") != std::string::npos);
}

TEST_CASE("text that is not JSON goes out line by line") {
  std::string out;
  append_event(out, "result", 7, "a\r\nb\rc\nd");
  CHECK(out == "id: 7\nevent: result\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
}

TEST_CASE("a response's events resume from any sequence number") {
  const auto told_from = [](int64_t after) {
    ResponsesForm form(some_id(), "m", after);
    std::string out;
    form.status(records::QUEUED, out);
    form.piece(0, piece("delta", "a"), out);
    form.piece(1, piece("delta", "b"), out);
    form.end(result(2), out);
    return out;
  };
  const std::string whole = told_from(-1);
  size_t at = 0;
  for (int64_t after = -1; at != std::string::npos; after++) {
    const std::string rest = told_from(after);
    CHECK(whole.ends_with(rest));
    at = rest.find("event: ", 1);
    if (after > 20) break;
  }
  CHECK(told_from(30).empty());
}

TEST_CASE("a chat stream that fails before it said anything is an ordinary error") {
  OpenAiCall call;
  call.stream = true;
  ChatForm form(some_id(), call);
  const auto answer = form.instead(result(0, records::FAILED));
  REQUIRE(answer);
  CHECK(answer->status == 502);
  CHECK(answer->headers.find("x-should-retry: false") != std::string::npos);
}

TEST_CASE("text is found in the shapes that workflows give") {
  const auto said = [](const char* body) {
    records::Outcome outcome;
    outcome.set_body(body);
    return Spoken::of(outcome).text;
  };
  CHECK(said("\"plain\"") == "plain");
  CHECK(said(R"({"message":{"content":"m"}})") == "m");
  CHECK(said(R"({"content":"c"})") == "c");
  CHECK(said(R"({"text":"t"})") == "t");
  CHECK(said(R"({"choices":[{"message":{"content":"o"}}]})") == "o");
  CHECK(said(R"({"n":1})") == R"({"n":1})");
  CHECK(said("[1]") == "[1]");
}

}  // namespace
}  // namespace penstock::gateway
