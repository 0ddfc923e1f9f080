#include "bench/verify/verdict.h"

#include <doctest/doctest.h>

#include "bench/verify/conservation.h"

using namespace penstock;
using namespace penstock::bench;

static Id id(uint8_t n) {
  Id out;
  out.bytes[15] = n;
  return out;
}

static RunState state(RunState::Status status, uint64_t attempts = 1) {
  return {id(1), status, attempts, "t"};
}

TEST_CASE("an ended run is counted by its end") {
  Verdict v;
  CHECK(judge(v, 1, id(1), 200, state(RunState::Status::kSucceeded), ""));
  CHECK(judge(v, 2, id(1), 200, state(RunState::Status::kDead, 5), "t"));
  CHECK(judge(v, 3, id(1), 200, state(RunState::Status::kCaptured), ""));
  CHECK(v.succeeded == 1);
  CHECK(v.dead == 1);
  CHECK(v.captured == 1);
  CHECK(v.rerun == 1);
  CHECK(v.whole());
}

TEST_CASE("a run that has not ended is asked for again") {
  Verdict v;
  for (const auto status :
       {RunState::Status::kQueued, RunState::Status::kRunning, RunState::Status::kWaiting})
    CHECK_FALSE(judge(v, 1, id(1), 200, state(status), ""));
  CHECK(v.whole());
}

TEST_CASE("unknown is lost, gone is expired, anything else is open") {
  Verdict v;
  judge(v, 1, id(1), 404, std::nullopt, "");
  judge(v, 2, id(1), 410, std::nullopt, "");
  judge(v, 3, id(1), 500, std::nullopt, "");
  judge(v, 4, id(1), 200, std::nullopt, "");
  CHECK(v.lost == 1);
  CHECK(v.expired == 1);
  CHECK(v.unreadable == 2);
  CHECK_FALSE(v.whole());
  REQUIRE(v.findings.size() == 3);
  CHECK(v.findings[0].seq == 1);
}

TEST_CASE("another run or another tag is a mismatch") {
  Verdict v;
  judge(v, 1, id(2), 200, state(RunState::Status::kSucceeded), "");
  judge(v, 2, id(1), 200, state(RunState::Status::kSucceeded), "other");
  CHECK(v.mismatched == 2);
}

TEST_CASE("findings are few, counts are all") {
  Verdict v;
  for (uint64_t n = 0; n < 1000; n++) judge(v, n, id(1), 404, std::nullopt, "");
  CHECK(v.lost == 1000);
  CHECK(v.findings.size() == Verdict::findings_max);
}

TEST_CASE("run states are read, nonsense is not") {
  RunStateReader reader;
  const auto read = reader.read(
      R"({"id":"01940000-0000-7000-8000-000000000001","workflow":"status","status":"failed","attempts":3,"tag":"x"})");
  REQUIRE(read.has_value());
  CHECK(read->status == RunState::Status::kFailed);
  CHECK(read->attempts == 3);
  CHECK(read->tag == "x");
  for (const char* text : {"", "{", "[]", "{}", R"({"id":"x","status":"queued"})",
                           R"({"id":"01940000-0000-7000-8000-000000000001","status":"napping"})",
                           R"({"id":"01940000-0000-7000-8000-000000000001","status":7})"})
    CHECK_FALSE_MESSAGE(reader.read(text).has_value(), text);
}

static ServerCounts counts(uint64_t accepted, uint64_t succeeded) {
  ServerCounts c;
  c.accepted = accepted;
  c.succeeded = succeeded;
  return c;
}

TEST_CASE("the server's sum must hold") {
  CHECK(Conservation{true, counts(5, 5), counts(15, 15), 10, 0}.holds());
  CHECK_FALSE(Conservation{true, counts(5, 5), counts(15, 14), 10, 0}.holds());
}

TEST_CASE("the server may not have fewer than it acknowledged") {
  CHECK_FALSE(Conservation{true, counts(5, 5), counts(14, 14), 10, 3}.holds());
}

TEST_CASE("each run beyond the acknowledged needs an unanswered request") {
  CHECK(Conservation{true, counts(0, 0), counts(12, 12), 10, 2}.holds());
  CHECK_FALSE(Conservation{true, counts(0, 0), counts(12, 12), 10, 1}.holds());
}

TEST_CASE("stats are read in full or not at all") {
  const char* good =
      R"({"accepted":9,"captured":1,"queued":1,"running":1,"waiting":1,"succeeded":2,"failed":1,"cancelled":1,"dead":1,"more":0})";
  const auto stats = parse_stats(good);
  REQUIRE(stats.ok());
  CHECK(stats->sum() == 9);
  CHECK(stats->open() == 3);
  CHECK_FALSE(parse_stats("{}").ok());
  CHECK_FALSE(parse_stats("[").ok());
  CHECK_FALSE(parse_stats(R"({"accepted":"9"})").ok());
}
