#include "gateway/app/waiters.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

Id id_of(uint8_t n) {
  Id id;
  id.bytes[15] = n;
  return id;
}

Waiter waiter(uint32_t connection, uint8_t run, uint64_t deadline_ms) {
  return Waiter{ExchangeId{connection, 1, 1}, Waiter::Kind::kReply, id_of(run), deadline_ms, {}, {}};
}

TEST_CASE("all who wait for a run are taken by its end, once") {
  Waiters waiters;
  waiters.add(waiter(1, 7, 100));
  waiters.add(waiter(2, 7, 50));
  waiters.add(waiter(3, 8, 10));
  CHECK(waiters.take(id_of(7)).size() == 2);
  CHECK(waiters.take(id_of(7)).empty());
  CHECK(waiters.size() == 1);
}

TEST_CASE("a wait ends at its deadline and not before") {
  Waiters waiters;
  CHECK(waiters.next_deadline_ms() == UINT64_MAX);
  waiters.add(waiter(1, 7, 100));
  waiters.add(waiter(2, 7, 50));
  CHECK(waiters.next_deadline_ms() == 50);
  CHECK(waiters.take_expired(49).empty());
  const auto late = waiters.take_expired(50);
  REQUIRE(late.size() == 1);
  CHECK(late[0].exchange.slot == 2);
  CHECK(waiters.take(id_of(7)).size() == 1);
}

TEST_CASE("a caller who hangs up is forgotten, the others of the run are not") {
  Waiters waiters;
  waiters.add(waiter(1, 7, 100));
  waiters.add(waiter(2, 7, 100));
  waiters.remove(ExchangeId{1, 1, 1});
  waiters.remove(ExchangeId{1, 1, 1});
  waiters.remove(ExchangeId{9, 1, 1});
  const auto left = waiters.take(id_of(7));
  REQUIRE(left.size() == 1);
  CHECK(left[0].exchange.slot == 2);
}

}  // namespace
}  // namespace penstock::gateway
