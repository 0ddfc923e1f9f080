// Lanes, limits, priorities, throttles and breakers, as the queue keeps them.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "driver.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

/// A service in which runs are begun and ended by hand.
struct Flows {
  explicit Flows(bool on_disk = false, size_t window = 0) {
    if (on_disk) {
      scratch = std::make_unique<Scratch>();
      options.data_dir = scratch->path() + "/data";
    }
    if (window) options.window_events_max = window;
    open();
  }
  void open() {
    driver = std::make_unique<Driver>(options, clock);
    REQUIRE(driver->status.ok());
    if (limits) driver->service->set_flow("t", *limits);
    leases.clear();
  }
  void limit(FlowLimits to) {
    limits = to;
    driver->service->set_flow("t", to);
  }
  void crash() {
    driver = nullptr;
    open();
    join();
  }
  void join(uint32_t slots = 100) { driver->service->worker_joined(1, slots); }

  Id send(std::string body, std::string lane = "", std::string key = "", uint32_t priority = 0) {
    NewEvent event = new_event(body);
    event.meta.set_lane(std::move(lane));
    event.meta.set_concurrency_key(std::move(key));
    event.meta.set_priority(priority);
    const auto answer = driver->service->accept(std::move(event), 0);
    REQUIRE(std::holds_alternative<Id>(answer));
    return std::get<Id>(answer);
  }
  /// What has begun since, by body, after all that can happen at this time has.
  std::vector<std::string> begun() {
    std::vector<std::string> bodies;
    for (int quiet = 0; quiet < 4;) {
      driver->flush();
      driver->service->worker_alive(1);
      size_t before = bodies.size();
      for (Action& action : std::exchange(driver->actions, {})) {
        if (auto* dispatch = std::get_if<Dispatch>(&action)) {
          bodies.emplace_back(dispatch->event->body.view());
          leases[bodies.back()] = {dispatch->event->id, dispatch->fence};
        }
      }
      if (bodies.size() == before) {
        quiet++;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
    return bodies;
  }
  void end(const std::string& body, records::RunStatus status = records::SUCCEEDED) {
    const auto lease = leases.extract(body);
    REQUIRE_MESSAGE(!lease.empty(), body);
    driver->service->finished(1, lease.mapped().first, lease.mapped().second, outcome(status));
  }
  void advance(uint64_t ms) {
    for (; ms > 0; ms -= std::min<uint64_t>(ms, 1000)) {
      clock.advance(std::min<uint64_t>(ms, 1000));
      driver->service->worker_alive(1);
      driver->turn();
    }
  }

  std::unique_ptr<Scratch> scratch;
  ServiceOptions options;
  FakeClock clock;
  std::optional<FlowLimits> limits;
  std::unique_ptr<Driver> driver;
  std::map<std::string, std::pair<Id, uint64_t>> leases;
};

using Bodies = std::vector<std::string>;

TEST_CASE("a lane runs one at a time and in order, beside other lanes") {
  Flows f;
  f.join();
  f.send("a1", "a");
  f.send("a2", "a");
  f.send("b1", "b");
  const Id a3 = f.send("a3", "a");
  f.send("free");
  CHECK(f.begun() == Bodies{"a1", "b1", "free"});
  CHECK(std::string(f.driver->service->live(a3)->waits_for) == "lane");
  CHECK(f.driver->service->live(a3)->queue_position == 1);
  CHECK(f.driver->service->metrics().held == 2);
  f.end("b1");
  CHECK(f.begun().empty());
  f.end("a1");
  CHECK(f.begun() == Bodies{"a2"});
  f.end("a2", records::FAILED);
  CHECK(f.begun() == Bodies{"a3"});
}

TEST_CASE("a failing head is retried before the next of its lane") {
  Flows f;
  f.join();
  f.send("a1", "a");
  f.send("a2", "a");
  CHECK(f.begun() == Bodies{"a1"});
  f.driver->service->worker_gone(1);
  f.join();
  CHECK(f.begun().empty());
  f.advance(3'000);
  CHECK(f.begun() == Bodies{"a1"});
  f.end("a1");
  CHECK(f.begun() == Bodies{"a2"});
}

TEST_CASE("a cancelled head and a cancelled waiter make room") {
  Flows f;
  f.join();
  const Id one = f.send("1", "a"), two = f.send("2", "a");
  f.send("3", "a");
  CHECK(f.begun() == Bodies{"1"});
  f.driver->service->cancel(two, 1);
  f.driver->service->cancel(one, 2);
  CHECK(f.begun() == Bodies{"3"});
  CHECK(f.driver->service->counters().cancelled == 2);
}

TEST_CASE("a lane keeps its order over a restart, also when its head is between two tries") {
  Flows f(true);
  f.join();
  for (const char* body : {"1", "2", "3"}) f.send(body, "a");
  CHECK(f.begun() == Bodies{"1"});
  f.driver->service->worker_gone(1);  // the head waits for its retry
  f.driver->flush();
  f.crash();
  CHECK(f.begun().empty());
  f.advance(5'000);
  CHECK(f.begun() == Bodies{"1"});
  f.end("1");
  CHECK(f.begun() == Bodies{"2"});
  f.end("2");
  CHECK(f.begun() == Bodies{"3"});
}

TEST_CASE("no more runs at once than the trigger allows, and those of others go on") {
  Flows f;
  f.limit({2, 0, 0, 0});
  f.join();
  for (const char* body : {"1", "2", "3", "4"}) f.send(body);
  NewEvent other = new_event("other", "another");
  f.driver->service->accept(std::move(other), 0);
  CHECK(f.begun() == Bodies{"1", "2", "other"});
  f.end("2");
  CHECK(f.begun() == Bodies{"3"});
  f.limit({3, 0, 0, 0});
  CHECK(f.begun() == Bodies{"4"});
  CHECK(f.driver->service->flow_states().at(0).running == 3);
  f.limit({});
  f.send("5");
  CHECK(f.begun() == Bodies{"5"});
}

TEST_CASE("with a concurrency key the limit is one for each value") {
  Flows f;
  f.limit({1, 0, 0, 0});
  f.join();
  f.send("x1", "", "x");
  f.send("x2", "", "x");
  f.send("y1", "", "y");
  CHECK(f.begun() == Bodies{"x1", "y1"});
  f.end("x1");
  CHECK(f.begun() == Bodies{"x2"});
}

TEST_CASE("a higher priority begins first, also past a backlog on disk") {
  Flows f(true, 4);
  for (int i = 0; i < 20; i++) f.send("low " + std::to_string(i));
  f.send("high", "", "", 5);
  f.send("higher", "", "", 9);
  f.driver->flush();
  f.join(3);
  CHECK(f.begun() == Bodies{"higher", "high", "low 0"});
  f.crash();  // nothing is lost or run twice over
  std::set<std::string> all;
  for (int i = 0; i < 100 && all.size() < 22; i++)
    for (const std::string& body : f.begun()) {
      CHECK(all.insert(body).second);
      f.end(body);
    }
  CHECK(all.size() == 22);
  f.driver->flush();
  CHECK(f.driver->service->counters().succeeded == 22);
}

TEST_CASE("many held runs keep their order, though their bodies leave memory") {
  Flows f(false, 8);
  f.limit({1, 0, 0, 0});
  f.join();
  Bodies sent;
  for (int i = 0; i < 40; i++) {
    sent.push_back(std::to_string(i));
    f.send(sent.back());
    f.driver->turn();
  }
  Bodies seen;
  for (int i = 0; i < 200 && seen.size() < sent.size(); i++)
    for (const std::string& body : f.begun()) {
      seen.push_back(body);
      f.end(body);
    }
  CHECK(seen == sent);
}

TEST_CASE("a throttle spaces beginnings") {
  Flows f;
  f.limit({0, 2, 0, 0});
  f.join();
  for (int i = 0; i < 6; i++) f.send(std::to_string(i));
  CHECK(f.begun().size() == 1);
  f.advance(400);
  CHECK(f.begun().empty());
  f.advance(100);
  CHECK(f.begun() == Bodies{"1"});
  size_t in_two_s = 0;
  for (int i = 0; i < 20; i++) {
    f.advance(100);
    in_two_s += f.begun().size();
  }
  CHECK(in_two_s == 4);
}

TEST_CASE("a breaker opens after failures in a row, tries one, and closes when that succeeds") {
  Flows f;
  f.limit({0, 0, 2, 5'000});
  f.join(1);
  for (const char* body : {"1", "2", "3", "4", "5"}) f.send(body);
  CHECK(f.begun() == Bodies{"1"});
  f.end("1", records::FAILED);
  CHECK(f.begun() == Bodies{"2"});
  f.end("2", records::FAILED);
  CHECK(f.begun().empty());
  CHECK(std::string(f.driver->service->flow_states().at(0).breaker) == "open");
  CHECK(f.driver->service->flow_states().at(0).open_for_ms > 0);
  f.advance(5'000);
  CHECK(f.begun() == Bodies{"3"});
  CHECK(std::string(f.driver->service->flow_states().at(0).breaker) == "half-open");
  f.end("3", records::FAILED);
  CHECK(f.begun().empty());
  f.advance(5'000);
  CHECK(f.begun() == Bodies{"4"});
  f.end("4");
  CHECK(f.begun() == Bodies{"5"});
  CHECK(std::string(f.driver->service->flow_states().at(0).breaker) == "closed");
}

TEST_CASE("a run that waits for its time holds no place, and its lane all the same") {
  Flows f;
  f.limit({1, 0, 0, 0});
  f.join();
  f.send("1", "a");
  f.send("2", "a");
  f.send("3");
  CHECK(f.begun() == Bodies{"1"});
  const auto lease = f.leases.at("1");
  f.driver->service->park(1, lease.first, lease.second, f.clock.wall_ms() + 5'000);
  CHECK(f.begun() == Bodies{"3"});
  f.end("3");
  CHECK(f.begun().empty());
  f.advance(5'000);
  CHECK(f.begun() == Bodies{"1"});
  f.end("1");
  CHECK(f.begun() == Bodies{"2"});
}

}  // namespace
}  // namespace penstock::queue
