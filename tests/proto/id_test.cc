#include "proto/id.h"

#include <doctest/doctest.h>

#include <set>

namespace penstock {
namespace {

struct StuckClock final : Clock {
  uint64_t now = 1'700'000'000'000;
  uint64_t monotonic_ms() const override { return now; }
  uint64_t monotonic_us() const override { return now * 1000; }
  uint64_t wall_ms() const override { return now; }
};

TEST_CASE("ids of one millisecond are strictly increasing, past the counter's end too") {
  StuckClock clock;
  IdGenerator ids(clock);
  Id last = ids.next();
  for (int i = 0; i < 20'000; i++) {
    const Id id = ids.next();
    REQUIRE(last < id);
    last = id;
  }
}

TEST_CASE("a clock that jumps back does not make ids go back") {
  StuckClock clock;
  IdGenerator ids(clock);
  const Id before = ids.next();
  clock.now -= 3'600'000;
  CHECK(before < ids.next());
}

TEST_CASE("an id reads back from its text, and nothing else does") {
  StuckClock clock;
  IdGenerator ids(clock);
  const Id id = ids.next();
  CHECK(Id::from_text(id.text()) == id);
  CHECK(id.time_ms() == clock.now);
  CHECK(id.text()[14] == '7');
  std::string upper = id.text();
  for (char& c : upper) c = static_cast<char>(toupper(c));
  for (const std::string& bad : {std::string(), std::string("x"), upper + "0", id.text().substr(1)})
    CHECK(!Id::from_text(bad));
}

TEST_CASE("the floor of a millisecond is not above any id of it") {
  StuckClock clock;
  IdGenerator ids(clock);
  const Id id = ids.next();
  CHECK(Id::floor_of(clock.now) <= id);
  CHECK(id < Id::floor_of(clock.now + 1));
}

}  // namespace
}  // namespace penstock
