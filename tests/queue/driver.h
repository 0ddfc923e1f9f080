// A small language for tests of the Service: send, work, finish, and wait for what comes out.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "queue/service_impl.h"

namespace penstock::queue {

/// Time that moves when told to.
class FakeClock final : public Clock {
 public:
  uint64_t monotonic_ms() const override { return monotonic_us_ / 1000; }
  uint64_t monotonic_us() const override { return monotonic_us_; }
  uint64_t wall_ms() const override { return wall_ms_; }
  void advance(uint64_t ms) {
    monotonic_us_ += ms * 1000;
    wall_ms_ += ms;
  }
  void jump_wall(int64_t ms) { wall_ms_ += static_cast<uint64_t>(ms); }

 private:
  std::atomic<uint64_t> monotonic_us_{1'000'000};
  std::atomic<uint64_t> wall_ms_{1'700'000'000'000};
};

/// Counts wakes, so that waiting costs no spinning.
class Waker {
 public:
  void wake() {
    const std::lock_guard lock(mutex_);
    woken_++;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5), [this] { return woken_ > seen_; });
    seen_ = woken_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t woken_ = 0, seen_ = 0;
};

inline NewEvent new_event(std::string_view body, std::string trigger = "t") {
  NewEvent event;
  event.meta.set_trigger(std::move(trigger));
  event.meta.set_workflow("w");
  event.body = Body(body);
  return event;
}

inline records::Outcome outcome(records::RunStatus status = records::SUCCEEDED,
                                std::string body = "\"ok\"") {
  records::Outcome out;
  out.set_status(status);
  out.set_body(std::move(body));
  return out;
}

/// A service under test, turned until it says what the test waits for.
class Driver {
 public:
  Driver(ServiceOptions options, const Clock& clock) {
    options.seed = 7;
    auto opened = Service::open(options, clock, [this] { waker_.wake(); });
    status = opened.status();
    if (opened) service = *std::move(opened);
  }

  /// On an engine of the test's own.
  Driver(ServiceOptions options, const Clock& clock, Result<std::unique_ptr<Store>> store) {
    status = store.status();
    if (!store) return;
    auto opened = open_service(options, clock, [this] { waker_.wake(); }, *std::move(store));
    status = opened.status();
    if (opened) service = *std::move(opened);
  }

  /// One turn; its actions join the others.
  void turn() {
    turned = service->turn().status();
    for (Action& action : service->take_actions()) actions.push_back(std::move(action));
    for (ReadDone& read : service->take_reads()) reads.push_back(std::move(read));
  }

  /// Turns until an action of this kind comes, and takes it out; nullopt after five seconds.
  template <class Kind>
  std::optional<Kind> next() {
    for (int i = 0; i < 1000; i++) {
      for (auto at = actions.begin(); at != actions.end(); ++at) {
        if (Kind* found = std::get_if<Kind>(&*at)) {
          Kind taken = std::move(*found);
          actions.erase(at);
          return taken;
        }
      }
      const size_t before = actions.size();
      turn();
      if (!turned.ok()) return std::nullopt;
      if (actions.size() == before) waker_.wait();
    }
    return std::nullopt;
  }

  ReadDone next_read() {
    for (int i = 0; i < 1000 && reads.empty(); i++) {
      turn();
      if (reads.empty()) waker_.wait();
    }
    REQUIRE(!reads.empty());
    ReadDone done = std::move(reads.front());
    reads.pop_front();
    return done;
  }

  RunRead read(Id id, bool with_journal = false) {
    service->read_run(id, with_journal, 1);
    ReadDone done = next_read();
    REQUIRE(done.status.ok());
    return std::get<RunRead>(std::move(done.value));
  }

  ListPage list(ListQuery query) {
    service->list(std::move(query), 2);
    ReadDone done = next_read();
    REQUIRE(done.status.ok());
    return std::get<ListPage>(std::move(done.value));
  }

  /// Turns until all is on disk.
  void flush() {
    for (int i = 0; i < 1000; i++) {
      turn();
      if (!turned.ok() || service->flushed()) return;
      waker_.wait();
    }
    FAIL("never flushed");
  }

  /// Accepts and waits until it is durable.
  Id send(std::string_view body = "{}") {
    auto accepted = service->accept(new_event(body), 0);
    REQUIRE(std::holds_alternative<Id>(accepted));
    flush();
    return std::get<Id>(accepted);
  }

  Status status, turned;
  std::deque<Action> actions;
  std::deque<ReadDone> reads;

 private:
  Waker waker_;  // outlives the service, whose threads use it

 public:
  std::unique_ptr<Service> service;
};

}  // namespace penstock::queue
