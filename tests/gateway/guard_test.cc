#include "gateway/app/guard.h"

#include <doctest/doctest.h>

#include "proto/limits.h"
#include "tests/world/clock.h"

namespace penstock::gateway {

TEST_CASE("failures are counted by who, and forgotten when their time is over") {
  world::WorldClock clock;
  Guard guard(clock);
  for (int i = 0; i < 3; i++) guard.failed("a");
  CHECK(guard.wait_s("a", 4) == 0);
  CHECK(guard.wait_s("a", 3) > 0);
  CHECK(guard.wait_s("b", 3) == 0);
  clock.advance(limits::guess_window_ms);
  CHECK(guard.wait_s("a", 3) == 0);
  guard.failed("a");
  CHECK(guard.wait_s("a", 3) == 0);
}

TEST_CASE("a flood of strangers does not grow the table") {
  world::WorldClock clock;
  Guard guard(clock);
  for (size_t i = 0; i < limits::guessers_max * 2; i++) guard.failed(std::to_string(i));
  CHECK(guard.wait_s("0", 1) == 0);  // the oldest went
  CHECK(guard.wait_s(std::to_string(limits::guessers_max * 2 - 1), 1) > 0);
}

TEST_CASE("uses of a key are counted with their last time") {
  world::WorldClock clock;
  Guard guard(clock);
  CHECK(guard.use_of("k").count == 0);
  guard.used("k");
  guard.used("k");
  CHECK(guard.use_of("k").count == 2);
  CHECK(guard.use_of("k").last_at_ms == clock.wall_ms());
}

TEST_CASE("a signature that comes again is a replay, unless the delivery bears the same name") {
  world::WorldClock clock;
  Guard guard(clock);
  using Sight = Guard::Sight;
  CHECK(guard.sight("s", "msg-1", 1000) == Sight::kFirst);
  CHECK(guard.sight("s", "msg-1", 1000) == Sight::kAgain);
  CHECK(guard.sight("s", "msg-2", 1000) == Sight::kElsewhere);
  CHECK(guard.sight("s", "", 1000) == Sight::kElsewhere);
  CHECK(guard.sight("t", "", 1000) == Sight::kFirst);
  CHECK(guard.sight("t", "", 1000) == Sight::kElsewhere);
  guard.forget_signature("t");
  CHECK(guard.sight("t", "", 1000) == Sight::kFirst);
  clock.advance(1000);
  CHECK(guard.sight("s", "msg-2", 1000) == Sight::kFirst);
}

}  // namespace penstock::gateway
