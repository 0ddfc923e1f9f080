// The queue's small parts: backoff, fences, workers, tally, result cache, rate.
#include <doctest/doctest.h>

#include "queue/backoff.h"
#include "queue/fences.h"
#include "queue/rate_meter.h"
#include "queue/result_cache.h"
#include "queue/workers.h"
#include "samples.h"

namespace penstock::queue {
namespace {

TEST_CASE("backoff doubles, stays between half and all of it, and is bounded") {
  Backoff backoff(1000, 300'000, 1);
  for (uint32_t attempts = 1; attempts < 80; attempts++) {
    const uint64_t whole = attempts > 9 ? 300'000 : std::min<uint64_t>(1000ull << (attempts - 1), 300'000);
    const uint64_t delay = backoff.delay_ms(attempts);
    CHECK(delay >= whole / 2);
    CHECK(delay <= whole);
  }
}

TEST_CASE("backoff of nothing is nothing") { CHECK(Backoff(0, 0, 1).delay_ms(5) == 0); }

TEST_CASE("fences ascend and each waits for the block it is of") {
  Fences fences(100);
  CHECK(fences.reserve(3));
  CHECK(!fences.reserve(4));
  const auto first = fences.next();
  CHECK(first.token == 101);
  CHECK(first.ticket == 3);
  CHECK(fences.mark() == 100 + limits::fence_block);
}

TEST_CASE("fences of the next block wait for its batch, the rest of the old one does not") {
  Fences fences(0);
  fences.reserve(1);
  for (uint64_t i = 0; i < limits::fence_block / 2; i++) fences.next();
  CHECK(fences.reserve(9));
  Fences::Fence fence{};
  do fence = fences.next();
  while (fence.token < limits::fence_block);
  CHECK(fence.ticket == 1);
  CHECK(fences.next().ticket == 9);
}

TEST_CASE("the least loaded worker is chosen, by its share of slots") {
  Workers workers(10'000);
  workers.join(1, 2, 0);
  workers.join(2, 8, 0);
  std::vector<std::unique_ptr<Run>> runs;
  std::vector<WorkerId> chosen;
  for (int i = 0; i < 10; i++) {
    runs.push_back(std::make_unique<Run>());
    Worker* worker = workers.choose();
    REQUIRE(worker);
    workers.lease(*worker, *runs.back());
    chosen.push_back(worker->id);
  }
  CHECK(!workers.choose());
  CHECK(std::count(chosen.begin(), chosen.end(), 1u) == 2);
  CHECK(workers.slots_used() == 10);
}

TEST_CASE("a draining, a lost and a slotless worker get nothing") {
  Workers workers(10'000);
  workers.join(1, 4, 0);
  workers.drain(1);
  workers.join(2, 0, 0);
  workers.join(3, 4, 0);
  workers.alive(1, 10'001);
  workers.alive(2, 10'001);
  REQUIRE(workers.expired(10'001));
  CHECK(!workers.expired(10'001));
  CHECK(!workers.choose());
  workers.alive(3, 10'002);
  CHECK(workers.choose()->id == 3);
}

TEST_CASE("the result cache keeps the latest within its bytes") {
  ResultCache cache(2000);
  for (uint64_t i = 1; i <= 10; i++) cache.add(id_at(i), make_result(i));
  CHECK(!cache.find(id_at(1)));
  CHECK(cache.find(id_at(10)));
  cache.add(id_at(10), make_result(99));
  CHECK(cache.find(id_at(10))->finished_at_ms() == 10);
}

TEST_CASE("the rate is that of the last seconds") {
  RateMeter meter;
  CHECK(meter.per_second() == 0);
  for (uint64_t second = 0; second < 30; second++) meter.update(second * 50, second * 1000);
  CHECK(meter.per_second() == doctest::Approx(50));
  for (uint64_t second = 30; second < 60; second++) meter.update(29 * 50, second * 1000);
  CHECK(meter.per_second() == 0);
}

}  // namespace
}  // namespace penstock::queue
