#include "queue/retention.h"

#include <doctest/doctest.h>

#include "queue/memory_store.h"
#include "queue/run_reader.h"
#include "samples.h"

namespace penstock::queue {
namespace {

/// A commit a millisecond with one event each, from 1 to `count`, all ended but those in `live`.
struct History {
  explicit History(uint64_t count, std::vector<uint64_t> live = {}) {
    for (uint64_t ms = 1; ms <= count; ms++) {
      Batch batch;
      batch.events.push_back(make_event(id_at(ms), "{}"));
      if (std::count(live.begin(), live.end(), ms))
        batch.live.push_back({id_at(ms), make_live(records::WAITING)});
      else batch.results.push_back({id_at(ms), make_result(ms)});
      batch.journal.push_back({id_at(ms), 0, "j"});
      REQUIRE(write_batch(store, ms, std::move(batch)).ok());
    }
  }
  void sweep(SweepRetention job) {
    const SweepAnswer answer = sweep_retention(*store.view(), job);
    REQUIRE(answer.status.ok());
    Batch batch;
    batch.forget_results = answer.results;
    batch.forget_events = answer.events;
    REQUIRE(write_batch(store, 1000, std::move(batch)).ok());
  }
  bool has_event(uint64_t ms) { return *read_event(*store.view(), id_at(ms)) != nullptr; }
  bool has_result(uint64_t ms) { return *read_result(*store.view(), id_at(ms)) != nullptr; }
  MemoryStore store;
};

TEST_CASE("results and events go when their time has come, and not before") {
  History history(20);
  history.sweep({id_at(100), 15, 10, Id()});
  for (uint64_t ms = 1; ms <= 20; ms++) {
    CAPTURE(ms);
    CHECK(history.has_result(ms) == (ms >= 15));
    CHECK(history.has_event(ms) == (ms >= 9));  // the pack that holds the bound stays
  }
}

TEST_CASE("a live run keeps its event and its journal, its neighbours go") {
  History history(20, {5, 6, 12});
  history.sweep({id_at(100), 18, 18, Id()});
  for (const uint64_t ms : {5, 6, 12}) {
    CHECK(history.has_event(ms));
    CHECK(read_journal(*history.store.view(), id_at(ms))->size() == 1);
  }
  for (const uint64_t ms : {1, 4, 7, 11, 13, 16}) CHECK(!history.has_event(ms));
}

TEST_CASE("nothing above the low water goes, however old") {
  History history(20);
  history.sweep({id_at(3), 1000, 1000, Id()});
  CHECK(!history.has_result(2));
  for (uint64_t ms = 3; ms <= 20; ms++) {
    CHECK(history.has_result(ms));
    CHECK(history.has_event(ms));
  }
}

TEST_CASE("a run that ended late keeps its result for its full time") {
  MemoryStore store;
  Batch batch;
  batch.events.push_back(make_event(id_at(1), "{}"));
  batch.results.push_back({id_at(1), make_result(500)});
  REQUIRE(write_batch(store, 1, std::move(batch)).ok());
  CHECK(sweep_retention(*store.view(), {id_at(900), 400, 0, Id()}).results.empty());
  CHECK(sweep_retention(*store.view(), {id_at(900), 501, 0, Id()}).results.size() == 1);
}

}  // namespace
}  // namespace penstock::queue
