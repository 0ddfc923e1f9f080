#include <doctest/doctest.h>

#include "executor/definition/duration.h"
#include "proto/limits.h"

namespace penstock::definition {
namespace {

uint64_t ms(std::string_view text) {
  const Result<uint64_t> parsed = parse_duration(text);
  REQUIRE_MESSAGE(parsed.ok(), parsed.status().message());
  return *parsed;
}

TEST_CASE("each unit of a duration counts") {
  CHECK(ms("PT30S") == 30'000);
  CHECK(ms("PT1M") == 60'000);
  CHECK(ms("PT2H") == 7'200'000);
  CHECK(ms("P1D") == 86'400'000);
  CHECK(ms("P1W") == 7 * 86'400'000ull);
  CHECK(ms("P1M") == 30 * 86'400'000ull);
  CHECK(ms("P1Y") == 365 * 86'400'000ull);
  CHECK(ms("P1DT2H3M4S") == 86'400'000 + 7'200'000 + 180'000 + 4'000);
}

TEST_CASE("M before the T is months, after it minutes") {
  CHECK(ms("P1MT1M") == 30 * 86'400'000ull + 60'000);
}

TEST_CASE("fractions are kept to the millisecond") {
  CHECK(ms("PT0.25S") == 250);
  CHECK(ms("PT1.5M") == 90'000);
  CHECK(ms("PT0.0004S") == 0);
}

TEST_CASE("what is not a duration is refused") {
  for (const char* text : {"", "P", "PT", "30S", "PT30", "P30S", "PT1S1M", "P1DT", "PT.5S", "PT5.S",
                           "-PT5S", "PT5S ", "pt5s", "PT1S2S", "P1D1D"}) {
    CAPTURE(text);
    CHECK_FALSE(is_duration(text));
    CHECK_FALSE(parse_duration(text).ok());
  }
}

TEST_CASE("more than a hundred years is refused, not wrapped") {
  CHECK(ms("P100Y") <= limits::duration_ms_max);
  CHECK_FALSE(parse_duration("P101Y").ok());
  CHECK_FALSE(parse_duration("P" + std::string(5000, '9') + "Y").ok());
  CHECK(is_duration("P" + std::string(5000, '9') + "Y"));
}

}  // namespace
}  // namespace penstock::definition
