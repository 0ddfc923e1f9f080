// Cron expressions: what they name, where clocks change, and what is refused.
#include <doctest/doctest.h>

#include "gateway/app/cron.h"
#include "gateway/app/json_text.h"

namespace penstock::gateway {
namespace {

constexpr uint64_t kStartMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z, a Thursday

std::string next(std::string_view text, uint64_t after_ms = kStartMs) {
  const Result<Cron> cron = Cron::parse(text);
  REQUIRE_MESSAGE(cron.ok(), cron.status().message());
  const auto at_ms = cron->next(after_ms);
  return at_ms ? iso_time(*at_ms).substr(0, 19) : "never";
}

/// The first ones after a moment, hours and minutes only.
std::string some(std::string_view text, uint64_t after_ms, int count) {
  const Result<Cron> cron = Cron::parse(text);
  REQUIRE(cron.ok());
  std::string out;
  for (int i = 0; i < count; i++) {
    after_ms = cron->next(after_ms).value_or(0);
    out += iso_time(after_ms).substr(11, 5) + " ";
  }
  return out;
}

TEST_CASE("fields name times") {
  CHECK(next("* * * * *") == "2026-01-01T00:01:00");
  CHECK(next("*/15 * * * *") == "2026-01-01T00:15:00");
  CHECK(next("30 9 * * MON-FRI") == "2026-01-01T09:30:00");
  CHECK(next("0 12 29 2 *") == "2028-02-29T12:00:00");
  CHECK(next("5,10 4 1 jan,jul *", kStartMs + 5 * 3600'000) == "2026-07-01T04:05:00");
  CHECK(next("*/10 * * * * *") == "2026-01-01T00:00:10");
  CHECK(next("0 0 * * 7") == "2026-01-04T00:00:00");
  CHECK(next("@monthly") == "2026-02-01T00:00:00");
  CHECK(next("0 0 30 2 *") == "never");
}

TEST_CASE("where both days are restricted, either will do") {
  CHECK(next("0 0 13 * 5") == "2026-01-02T00:00:00");
  CHECK(next("0 0 3 * 1") == "2026-01-03T00:00:00");
}

TEST_CASE("last days, nearest weekdays and the n-th of a weekday") {
  CHECK(next("0 0 L * *") == "2026-01-31T00:00:00");
  CHECK(next("0 0 L 2 *") == "2026-02-28T00:00:00");
  CHECK(next("0 0 * * 5L") == "2026-01-30T00:00:00");
  CHECK(next("0 0 * * 1#2") == "2026-01-12T00:00:00");
  CHECK(next("0 0 10W * *") == "2026-01-09T00:00:00");   // the 10th is a Saturday
  CHECK(next("0 0 1W 2 *") == "2026-02-02T00:00:00");    // the 1st is a Sunday
}

TEST_CASE("a zone is the one that people live in") {
  CHECK(next("TZ=Europe/Berlin 0 9 * * *") == "2026-01-01T08:00:00");
  CHECK(next("CRON_TZ=Asia/Kolkata 0 9 * * *") == "2026-01-01T03:30:00");
}

TEST_CASE("a fixed time that does not exist fires when the clocks have jumped, once") {
  const uint64_t day = 1'774'737'000'000;  // 2026-03-28T22:30Z: the night of the change in Berlin
  CHECK(some("TZ=Europe/Berlin 30 2 * * *", day, 2) == "01:00 00:30 ");
}

TEST_CASE("a fixed time that exists twice fires the first time") {
  const uint64_t day = 1'792'874'400'000;  // 2026-10-24T20:40Z
  CHECK(some("TZ=Europe/Berlin 30 2 * * *", day, 2) == "00:30 01:30 ");
}

TEST_CASE("every quarter of an hour stays every quarter of an hour") {
  const uint64_t forth = 1'774'744'200'000;  // 2026-03-29T00:30Z
  CHECK(some("TZ=Europe/Berlin */15 * * * *", forth, 4) == "00:45 01:00 01:15 01:30 ");
  const uint64_t back = 1'792'888'200'000;  // 2026-10-25T00:30Z
  CHECK(some("TZ=Europe/Berlin */15 * * * *", back, 6) == "00:45 01:00 01:15 01:30 01:45 02:00 ");
}

TEST_CASE("what is wrong is said") {
  for (const char* text : {"", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
                           "* * * * 8", "a * * * *", "*/0 * * * *", "5-1 * * * *", "@often",
                           "TZ=Mars/Olympus * * * * *", "* * * * 1#6", "* * 40W * *"})
    CHECK_MESSAGE(!Cron::parse(text).ok(), text);
  CHECK(Cron::parse("61 * * * *").status().message().find("'61' is no minute") !=
        std::string::npos);
}

}  // namespace
}  // namespace penstock::gateway
