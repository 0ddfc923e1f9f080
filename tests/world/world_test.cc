// The promises, in simulated worlds. PENSTOCK_WORLD_SEED replays one world; PENSTOCK_WORLDS says
// how many to try.
#include "world.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace penstock::world {
namespace {

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

queue::ServiceOptions tiny_window() {
  queue::ServiceOptions options;
  options.window_events_max = 6;
  options.window_bytes_max = 4'000;
  return options;
}

/// Runs worlds until every kind of event has happened in one of them, and at least `count`.
void run_worlds(uint64_t count, const queue::ServiceOptions& options, bool retention) {
  const uint64_t only = from_environment("PENSTOCK_WORLD_SEED", 0);
  std::vector<uint64_t> happened(static_cast<size_t>(Event::kCount));
  count = only ? 1 : from_environment("PENSTOCK_WORLDS", count);
  for (uint64_t seed = only ? only : 1; count > 0; seed++, count--) {
    CAPTURE(seed);
    World world(seed, options, retention);
    for (int i = 0; i < 600; i++) world.step();
    world.settle();
    for (size_t i = 0; i < happened.size(); i++) happened[i] += world.happened[i];
  }
  if (only) return;
  for (size_t i = 0; i < happened.size(); i++) {
    if (retention && static_cast<Event>(i) == Event::kClockJump) continue;
    CAPTURE(i);
    CHECK_MESSAGE(happened[i] > 0, "this kind of event never happened: the test proves less");
  }
}

TEST_CASE("the promises hold in every simulated world") {
  run_worlds(60, queue::ServiceOptions(), false);
}

TEST_CASE("the promises hold when nearly all of the backlog is on disk") {
  run_worlds(100, tiny_window(), false);
}

TEST_CASE("retention never takes what has not ended") {
  queue::ServiceOptions options = tiny_window();
  options.result_retention_ms = 60'000;
  options.event_retention_ms = 90'000;
  run_worlds(40, options, true);
}

}  // namespace
}  // namespace penstock::world
