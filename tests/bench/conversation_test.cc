#include "bench/load/conversation.h"

#include <doctest/doctest.h>

#include "bench/load/batch_answer.h"
#include "bench/load/event_stream.h"

using namespace penstock::bench;

static Next posted(Target target, int status, bool names_run = true) {
  return next_step(target, {Asked::kPost, status, names_run, StreamEnd::kNone});
}
static Next asked(Target target, int status) {
  return next_step(target, {Asked::kResult, status, true, StreamEnd::kNone});
}

TEST_CASE("an ack is all that target ack wants") {
  CHECK(posted(Target::kAck, 202, false) == Next::kDone);
  CHECK(posted(Target::kAck, 200) == Next::kDone);
  CHECK(posted(Target::kAck, 503) == Next::kRefused);
  CHECK(posted(Target::kAck, 302) == Next::kRefused);
}

TEST_CASE("a held reply that became 202 is followed") {
  CHECK(posted(Target::kWait, 200) == Next::kDone);
  CHECK(posted(Target::kWait, 202) == Next::kAskResult);
  CHECK(posted(Target::kWait, 202, false) == Next::kDone);
  CHECK(posted(Target::kWait, 502) == Next::kRefused);
}

TEST_CASE("poll, stream and end-to-end follow the run") {
  CHECK(posted(Target::kPoll, 202) == Next::kAskLater);
  CHECK(posted(Target::kStream, 202) == Next::kReadEvents);
  CHECK(posted(Target::kEndToEnd, 202) == Next::kAskResult);
  CHECK(posted(Target::kEndToEnd, 202, false) == Next::kCannotFollow);
}

TEST_CASE("a result is asked for until it is there") {
  CHECK(asked(Target::kPoll, 202) == Next::kAskLater);
  CHECK(asked(Target::kEndToEnd, 202) == Next::kAskResult);
  CHECK(asked(Target::kPoll, 200) == Next::kDone);
  CHECK(asked(Target::kPoll, 502) == Next::kRunFailed);
  CHECK(asked(Target::kPoll, 404) == Next::kCannotFollow);
  CHECK(asked(Target::kPoll, 410) == Next::kCannotFollow);
}

TEST_CASE("a stream ends with a result, an error, or is cut") {
  const auto ended = [](int status, StreamEnd end) {
    return next_step(Target::kStream, {Asked::kEvents, status, true, end});
  };
  CHECK(ended(200, StreamEnd::kResult) == Next::kDone);
  CHECK(ended(200, StreamEnd::kError) == Next::kRunFailed);
  CHECK(ended(200, StreamEnd::kNone) == Next::kCannotFollow);
  CHECK(ended(404, StreamEnd::kNone) == Next::kCannotFollow);
}

TEST_CASE("event names are read however the bytes are cut") {
  const std::string text =
      ": hi\nevent: status\ndata: {}\n\nevent:delta\r\ndata: event: error\n\nevent: result\ndata: "
      "1\n\n";
  for (size_t cut = 0; cut <= text.size(); cut++) {
    EventStream stream;
    stream.feed(std::string_view(text).substr(0, cut));
    stream.feed(std::string_view(text).substr(cut));
    CHECK(stream.began());
    CHECK(stream.end() == StreamEnd::kResult);
  }
}

TEST_CASE("an endless line costs no memory and names nothing") {
  EventStream stream;
  stream.feed("event: ");
  for (int i = 0; i < 1000; i++) stream.feed(std::string(1000, 'x'));
  stream.feed("\n");
  CHECK(stream.end() == StreamEnd::kNone);
}

TEST_CASE("a batch's runs are found in order, other ids are not runs") {
  BatchAnswer answer(R"({"results":[{"id":"01940000-0000-7000-8000-000000000001","status":"queued"},
    {"id":"x"},{"id": "01940000-0000-7000-8000-000000000002"},{"id":7}]})");
  CHECK(answer.next()->text().ends_with("1"));
  CHECK(answer.next()->text().ends_with("2"));
  CHECK_FALSE(answer.next().has_value());
}
