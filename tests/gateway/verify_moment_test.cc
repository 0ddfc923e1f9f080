#include <doctest/doctest.h>

#include "gateway/verify/moment.h"

namespace penstock::verify {
namespace {

TEST_CASE("only whole numbers are times") {
  CHECK(parse_moment("1614265330", TimeUnit::kSeconds) == 1'614'265'330'000);
  CHECK(parse_moment("1614265330123", TimeUnit::kMilliseconds) == 1'614'265'330'123);
  for (const auto text :
       {"", "-1", "+1", "1.5", "1e9", " 1", "1 ", "0x1", "9999999999999999", "abc"}) {
    CAPTURE(text);
    CHECK(!parse_moment(text, TimeUnit::kSeconds));
    CHECK(!parse_moment(text, TimeUnit::kIso8601));
  }
}

TEST_CASE("ISO times are read with fraction and zone") {
  CHECK(parse_moment("1970-01-01T00:00:00Z", TimeUnit::kIso8601) == 0);
  CHECK(parse_moment("2021-03-25T05:09:27Z", TimeUnit::kIso8601) == 1'616'648'967'000);
  CHECK(parse_moment("2020-02-29T23:59:59.25+00:00", TimeUnit::kIso8601) == 1'583'020'799'250);
  CHECK(parse_moment("2020-01-01T00:00:00-07:00", TimeUnit::kIso8601) == 1'577'862'000'000);
  for (const auto text : {"2021-13-01T00:00:00Z", "2021-01-01T00:00:00", "2021-01-01T00:00:00.Z",
                          "2021-01-01T00:00:00Zx", "2021-1-01T00:00:00Z"}) {
    CAPTURE(text);
    CHECK(!parse_moment(text, TimeUnit::kIso8601));
  }
}

TEST_CASE("exactly the tolerance away is still fresh, in both directions") {
  CHECK(freshness(1'000'000, 1'300, 300, 60) == Freshness::kFresh);
  CHECK(freshness(1'000'000, 1'301, 300, 60) == Freshness::kStale);
  CHECK(freshness(1'000'999, 1'300, 300, 60) == Freshness::kFresh);
  CHECK(freshness(1'000'000, 940, 300, 60) == Freshness::kFresh);
  CHECK(freshness(1'000'000, 939, 300, 60) == Freshness::kFuture);
  CHECK(freshness(999'999'999'999'999'000, 0, 300, 60) == Freshness::kFuture);
}

}  // namespace
}  // namespace penstock::verify
