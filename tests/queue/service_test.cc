// The Service contract, on both engines.
#include "queue/service.h"

#include <doctest/doctest.h>

#include <memory>

#include "driver.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

/// Runs each case once in memory and once on disk.
struct Engine {
  explicit Engine(bool on_disk) {
    if (on_disk) {
      scratch = std::make_unique<Scratch>();
      options.data_dir = scratch->path() + "/data";
    }
  }
  std::unique_ptr<Scratch> scratch;
  ServiceOptions options;
  FakeClock clock;
};

#define BOTH_ENGINES(name)                     \
  static void name(Engine& engine);            \
  TEST_CASE(#name) {                           \
    for (const bool on_disk : {false, true}) { \
      CAPTURE(on_disk);                        \
      Engine engine(on_disk);                  \
      name(engine);                            \
    }                                          \
  }                                            \
  static void name(Engine& engine)

BOTH_ENGINES(an_event_is_accepted_dispatched_finished_and_read_back) {
  Driver d(engine.options, engine.clock);
  REQUIRE(d.status.ok());
  d.service->worker_joined(1, 2);
  auto id = std::get<Id>(d.service->accept(new_event("{\"a\":1}"), 77));
  auto accepted = d.next<Accepted>();
  REQUIRE(accepted);
  CHECK(accepted->cookie == 77);
  CHECK(accepted->id == id);
  auto dispatch = d.next<Dispatch>();
  REQUIRE(dispatch);
  CHECK(dispatch->event->body.view() == "{\"a\":1}");
  CHECK(dispatch->attempt == 1);
  CHECK(d.service->live(id)->status == records::RUNNING);
  d.service->finished(1, id, dispatch->fence, outcome());
  auto ended = d.next<Ended>();
  REQUIRE(ended);
  CHECK(ended->id == id);
  CHECK(ended->result->outcome().body() == "\"ok\"");
  CHECK(ended->result->trigger() == "t");
  CHECK(!d.service->live(id));
  CHECK(d.service->cached_result(id) != nullptr);
  const RunRead read = d.read(id);
  CHECK(read.status == records::SUCCEEDED);
  CHECK(read.event->body.view() == "{\"a\":1}");
  const Counters counters = d.service->counters();
  CHECK(counters.accepted == 1);
  CHECK(counters.succeeded == 1);
  CHECK(counters.queued + counters.running + counters.waiting == 0);
}

}  // namespace
}  // namespace penstock::queue
