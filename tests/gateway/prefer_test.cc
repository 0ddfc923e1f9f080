#include "gateway/app/prefer.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

TEST_CASE("wait and respond-async are read among other preferences") {
  CHECK(parse_prefer("wait=10").wait_s == 10u);
  CHECK(parse_prefer("return=minimal, WAIT=\"5\"; x=1").wait_s == 5u);
  CHECK(parse_prefer("respond-async, wait=3").respond_async);
  CHECK(parse_prefer("respond-async, wait=3").wait_s == 3u);
}

TEST_CASE("the first wait counts, and nonsense is no preference") {
  CHECK(parse_prefer("wait=1, wait=2").wait_s == 1u);
  for (const auto text : {"", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", ",,;=,"}) {
    CAPTURE(text);
    CHECK(!parse_prefer(text).wait_s);
  }
  CHECK(parse_prefer("wait=99999999999").wait_s == 86'400u);
}

TEST_CASE("waits are written with and without a unit") {
  CHECK(parse_wait_ms("30") == 30'000u);
  CHECK(parse_wait_ms("30s") == 30'000u);
  CHECK(parse_wait_ms("150ms") == 150u);
  CHECK(parse_wait_ms("2m") == 120'000u);
  for (const auto text : {"", "s", "x", "1h", "-1", "1 s", "999999999999"}) {
    CAPTURE(text);
    CHECK(!parse_wait_ms(text));
  }
}

TEST_CASE("query values are found whole and decoded") {
  CHECK(query_value("a=1&wait=30&b", "wait") == "30");
  CHECK(query_value("x=a%20b+c%2", "x") == "a b c%2");
  CHECK(query_value("awake=1", "wake") == std::nullopt);
  CHECK(query_value("flag&x=1", "flag") == "");
}

}  // namespace
}  // namespace penstock::gateway
