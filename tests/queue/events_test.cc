// Events between runs: who hears what, what wakes a parked run, and what survives a crash.
#include <doctest/doctest.h>

#include "driver.h"
#include "queue/event_index.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

records::EventFilters filters(std::string type, std::string subject = "") {
  records::EventFilters made;
  records::EventFilter& one = *made.add_any();
  one.set_type(std::move(type));
  one.set_subject(std::move(subject));
  return made;
}

CloudEvent event(std::string type, std::string subject = "", std::string json = "{}") {
  return {std::move(type), "/test", std::move(subject), std::move(json)};
}

Dispatch lease(Driver& driver, WorkerId worker = 1) {
  driver.service->worker_joined(worker, 4);
  auto dispatch = driver.next<Dispatch>();
  REQUIRE(dispatch);
  return *std::move(dispatch);
}

records::InboxRecord inbox_record(const std::string& bytes) {
  records::InboxRecord record;
  REQUIRE(record.ParseFromString(bytes));
  return record;
}

TEST_CASE("filters tell events apart by type, source and subject") {
  EventIndex<int> index;
  index.add(1, filters("a"));
  index.add(2, filters("a", "s"));
  index.add(3, filters("", "s"));
  index.add(4, {});
  CHECK(index.find({"a", "", "s"}) == std::vector<int>{1, 2, 3, 4});
  CHECK(index.find({"a", "", ""}) == std::vector<int>{1, 4});
  CHECK(index.find({"b", "", ""}) == std::vector<int>{4});
  index.remove(4, {});
  index.remove(3, filters("", "s"));
  index.remove(2, filters("a", "s"));
  index.remove(1, filters("a"));
  CHECK(index.empty());
}

TEST_CASE("a running run hears what its listeners look for, once it is durable") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->listen(1, id, run.fence, 3, filters("a"));
  driver.service->publish(event("b"));
  driver.service->publish(event("a", "", R"({"n":1})"));
  const auto heard = driver.next<Heard>();
  REQUIRE(heard);
  CHECK(heard->id == id);
  CHECK(heard->sequence == 0);
  CHECK(heard->record->event() == R"({"n":1})");
  CHECK(heard->record->ordinals(0) == 3);
  driver.service->unlisten(1, id, run.fence, 3);
  CHECK(!driver.service->has_listeners());
}

TEST_CASE("an event wakes a parked run, which gets it with its dispatch") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->journal(1, id, run.fence, 0, "start");
  driver.service->listen(1, id, run.fence, 1, filters("a"));
  driver.service->park(1, id, run.fence, 0);
  CHECK(driver.next<Waits>()->wake_at_ms == 0);
  CHECK(driver.service->live(id)->status == records::WAITING);
  clock.advance(40ull * 24 * 3600'000);
  driver.service->worker_alive(1);
  driver.service->publish(event("a", "", R"("hello")"));
  const auto again = driver.next<Dispatch>();
  REQUIRE(again);
  CHECK(again->attempt == 1);
  CHECK(again->journal == std::vector<std::string>{"start"});
  REQUIRE(again->inbox.size() == 1);
  CHECK(inbox_record(again->inbox[0]).event() == R"("hello")");
  driver.service->journal(1, id, again->fence, 1, "heard", 1);
  driver.service->park(1, id, again->fence, 0, 1);
  driver.flush();
  CHECK(driver.service->live(id)->status == records::WAITING);
  driver.service->publish(event("a", "", "2"));
  const auto third = driver.next<Dispatch>();
  REQUIRE(third);
  CHECK(third->inbox_from == 1);
  CHECK(third->inbox.size() == 1);
}

TEST_CASE("an event that comes while a run parks is not missed") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->listen(1, id, run.fence, 1, filters("a"));
  driver.service->publish(event("a"));
  driver.service->park(1, id, run.fence, 0, 0);  // sent before it heard
  const auto again = driver.next<Dispatch>();
  REQUIRE(again);
  CHECK(again->inbox.size() == 1);
}

TEST_CASE("listeners, and what they have not heard, survive a restart") {
  FakeClock clock;
  Scratch scratch;
  ServiceOptions options;
  options.data_dir = scratch.path();
  Id parked, busy;
  {
    Driver driver(options, clock);
    parked = driver.send();
    const Dispatch first = lease(driver);
    driver.service->listen(1, parked, first.fence, 1, filters("a"));
    driver.service->park(1, parked, first.fence, 0);
    busy = driver.send();
    const Dispatch second = lease(driver);
    driver.service->listen(1, busy, second.fence, 7, filters("b"));
    driver.service->publish(event("b", "", "1"));
    driver.service->journal(1, busy, second.fence, 0, "heard", 1);
    driver.service->publish(event("b", "", "2"));
    driver.flush();
  }
  Driver driver(options, clock);
  REQUIRE(driver.status.ok());
  driver.flush();
  CHECK(driver.service->live(parked)->status == records::WAITING);
  const Dispatch back = lease(driver);  // the busy one, at once
  CHECK(back.event->id == busy);
  CHECK(back.inbox_from == 1);
  REQUIRE(back.inbox.size() == 1);
  CHECK(inbox_record(back.inbox[0]).event() == "2");
  driver.service->publish(event("a"));
  CHECK(driver.next<Dispatch>()->event->id == parked);
  driver.service->publish(event("b"));
  CHECK(driver.next<Heard>()->sequence == 2);
}

TEST_CASE("a run that waits for its next attempt keeps what comes, and is not woken by it") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->listen(1, id, run.fence, 1, filters("a"));
  driver.service->worker_gone(1);
  driver.service->publish(event("a"));
  driver.flush();
  CHECK(driver.service->live(id)->status == records::WAITING);
  clock.advance(60'000);
  CHECK(lease(driver, 2).inbox.size() == 1);
}

TEST_CASE("a signal is told what became of it") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  driver.service->signal(id, event("penstock.signal.go", id.text()), 1);
  CHECK(driver.next<Signalled>()->fate == SignalFate::kNotListening);
  const Dispatch run = lease(driver);
  driver.service->listen(1, id, run.fence, 1, filters("penstock.signal.go"));
  driver.service->signal(id, event("penstock.signal.stop", id.text()), 2);
  CHECK(driver.next<Signalled>()->fate == SignalFate::kNotListening);
  driver.service->signal(id, event("penstock.signal.go", id.text()), 3);
  CHECK(driver.next<Signalled>()->fate == SignalFate::kKept);
  CHECK(driver.next<Heard>());
  driver.service->finished(1, id, run.fence, outcome());
  REQUIRE(driver.next<Ended>());
  driver.service->signal(id, event("penstock.signal.go", id.text()), 4);
  CHECK(driver.next<Signalled>()->fate == SignalFate::kUnknown);
}

TEST_CASE("a full inbox ends the run, and takes nobody with it") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->listen(1, id, run.fence, 1, filters("a"));
  for (size_t i = 0; i <= limits::inbox_events_max; i++) driver.service->publish(event("a"));
  const auto ended = driver.next<Ended>();
  REQUIRE(ended);
  CHECK(ended->result->outcome().error().title() == "The run's inbox is full");
  CHECK(!driver.service->has_listeners());
}

TEST_CASE("parking for nothing is an attempt that failed") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->park(1, id, run.fence, 0);
  driver.flush();
  CHECK(driver.service->live(id)->attempts == 1);
}

TEST_CASE("a run that emits is answered when all that it caused is durable") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  CHECK(driver.service->holds(id, run.fence));
  CHECK(!driver.service->holds(id, run.fence + 1));
  driver.service->listen(1, id, run.fence, 1, filters("a"));
  driver.service->publish(event("a"));
  driver.service->emitted(1, id, run.fence, 2);
  CHECK(driver.next<Heard>());
  CHECK(driver.next<Emitted>()->ordinal == 2);
}

}  // namespace
}  // namespace penstock::queue
