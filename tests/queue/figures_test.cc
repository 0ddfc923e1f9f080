// Figures for queue/README.md; skipped unless asked for:
//   tests-queue -ns -tc="figures: *"
#include <doctest/doctest.h>
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "driver.h"
#include "queue/event_pack.h"
#include "queue/record.h"
#include "queue/recovery.h"
#include "queue/rocks_store.h"
#include "queue/run_reader.h"
#include "samples.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double cpu_seconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}
uint64_t rss_mb() {
  std::ifstream file("/proc/self/statm");
  uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * 4096 / 1'000'000;
}

std::string json_of(size_t bytes) {
  std::string text = "{\"order\":12345,\"note\":\"";
  text.append(bytes - text.size() - 2, 'x');
  return text + "\"}";
}

NewEvent typical_event() {
  NewEvent event = new_event(json_of(1024), "orders");
  event.meta.set_method("POST");
  event.meta.set_content_type("application/json");
  event.meta.set_remote("10.20.30.40");
  for (const char* name : {"host", "user-agent", "content-type", "x-request-id"}) {
    auto* header = event.meta.add_headers();
    header->set_name(name);
    header->set_value("a value of usual length");
  }
  return event;
}

struct Shape {
  const char* name;
  bool packed;
  size_t events_a_commit;
};

void measure(const Shape& shape, double for_s) {
  Scratch scratch;
  auto store = open_rocks_store({scratch.path() + "/data", false, nullptr});
  REQUIRE(store.ok());
  SystemClock clock;
  IdGenerator ids(clock);
  EventPacker packer;
  NewEvent typical = typical_event();
  const std::string meta = typical.meta.SerializeAsString();
  uint64_t sequence = 0, events = 0;
  std::vector<Id> written;
  const double start = seconds(), cpu = cpu_seconds();
  while (seconds() - start < for_s) {
    WriteSet set;
    set.sequence = ++sequence;
    std::vector<EventPtr> batch;
    for (size_t i = 0; i < shape.events_a_commit; i++) {
      auto event = std::make_shared<Event>();
      event->id = ids.next();
      event->meta = meta;
      event->body = Body(typical.body.view());
      batch.push_back(event);
      if (i == 0) written.push_back(event->id);
    }
    if (shape.packed) {
      set.put(Family::kEvents, std::string(batch[0]->id.raw()), packer.pack(batch));
    } else {
      for (const EventPtr& event : batch)
        set.put(Family::kEvents, std::string(event->id.raw()), packer.pack({&event, 1}));
    }
    records::Position position;
    position.set_sequence(sequence);
    set.put(Family::kMeta, std::string(position_key), seal(Family::kMeta, position_key, position));
    REQUIRE((*store)->write(set, Sync::kYes).ok());
    events += batch.size();
  }
  const double took = seconds() - start, used = cpu_seconds() - cpu;
  const double read_start = seconds();
  size_t reads = 0;
  for (; reads < 3000; reads++)
    REQUIRE(*read_event(*(*store)->view(), written[(reads * 7919) % written.size()]));
  const double read_us = (seconds() - read_start) * 1e6 / static_cast<double>(reads);
  REQUIRE((*store)->tick().ok());
  const double n = static_cast<double>(events);
  std::printf("| %s | %zu | %.0f | %.0f | %.2f | %.1f | %.0f |\n", shape.name,
              shape.events_a_commit, static_cast<double>(sequence) / took, n / took,
              used * 1e6 / n, read_us,
              static_cast<double>((*store)->disk_bytes() - limits::disk_reserve_bytes) / n);
}

TEST_CASE("figures: a record per commit against a key per event" * doctest::skip()) {
  std::printf("| stored as | events a commit | commits/s | events/s | CPU us/event | look-up us | "
              "bytes/event |\n");
  for (int round = 0; round < 2; round++)
    for (const size_t size : {10, 50, 200}) {
      measure({"pack", true, size}, 2.5);
      measure({"key per event", false, size}, 2.5);
    }
}

TEST_CASE("figures: the loop's cost of an event, from accept to end" * doctest::skip()) {
  FakeClock clock;
  Queue queue(ServiceOptions(), Recovered(), {1, 1});
  queue.worker_joined(1, 1'000'000, {1, 1});
  SystemClock real;
  IdGenerator ids(real);
  constexpr size_t kEvents = 400'000, kTurn = 64;
  std::vector<std::shared_ptr<Event>> events;
  for (size_t i = 0; i < kEvents; i++) {
    events.push_back(std::make_shared<Event>());
    events.back()->id = ids.next();
  }
  const double start = cpu_seconds();
  for (size_t i = 0; i < kEvents; i += kTurn) {
    for (size_t j = 0; j < kTurn; j++) {
      const Id id = events[i + j]->id;
      queue.accept(events[i + j], {"orders", "", 0, 0}, false, {2, 2});
      queue.acknowledge({1, id}, false);
    }
    queue.tick({2, 2});
    for (const GatedAction& gated : queue.take_actions())
      if (const auto* dispatch = std::get_if<Dispatch>(&gated.action))
        queue.finished(dispatch->event->id, dispatch->fence, outcome(), {3, 3});
    const auto batch = queue.close_batch();
    queue.durable(batch->ticket);
    queue.take_actions();
  }
  std::printf("queue: %.0f ns of CPU an event, accept to durable end\n",
              (cpu_seconds() - start) * 1e9 / static_cast<double>(kEvents));
}

/// Accepts and works at full speed for a while; events ended per second.
double throughput(Driver& d, double for_s) {
  const uint64_t before = d.service->counters().succeeded;
  const double start = seconds();
  size_t in_flight = 0;
  while (seconds() - start < for_s) {
    for (; in_flight < 256; in_flight++)
      if (!std::holds_alternative<Id>(d.service->accept(typical_event(), 0))) break;
    const size_t had = d.actions.size();
    d.turn();
    for (Action& action : std::exchange(d.actions, {})) {
      if (std::holds_alternative<Accepted>(action)) in_flight--;
      if (const auto* dispatch = std::get_if<Dispatch>(&action))
        d.service->finished(1, dispatch->event->id, dispatch->fence, outcome());
    }
    if (d.actions.size() == had) std::this_thread::yield();
  }
  return static_cast<double>(d.service->counters().succeeded - before) / (seconds() - start);
}

TEST_CASE("figures: a million dedup keys" * doctest::skip()) {
  constexpr uint64_t kKeys = 1'000'000;
  Scratch scratch;
  auto store = open_rocks_store({scratch.path() + "/data", false, nullptr});
  REQUIRE(store.ok());
  records::DedupRecord record;
  record.set_id(std::string(16, 'i'));
  record.set_body_sha256(std::string(32, 's'));
  uint64_t sequence = 0;
  for (uint64_t i = 0; i < kKeys;) {
    WriteSet set;
    set.sequence = ++sequence;
    for (int j = 0; j < 500; j++, i++) {
      const std::string key = dedup_store_key(480'000 + static_cast<uint32_t>(i % 24),
                                              dedup_key_of("orders", std::to_string(i)));
      set.put(Family::kDedup, key, seal(Family::kDedup, key, record));
    }
    records::Position position;
    position.set_sequence(sequence);
    set.put(Family::kMeta, std::string(position_key), seal(Family::kMeta, position_key, position));
    REQUIRE((*store)->write(set, Sync::kNo).ok());
  }
  const double start = seconds(), cpu = cpu_seconds();
  auto recovered = recover(**store);
  REQUIRE(recovered.ok());
  std::printf("1 M keys: %.2f s (%.2f s of CPU) to recover, %.1f bytes of memory a key\n",
              seconds() - start, cpu_seconds() - cpu,
              static_cast<double>(recovered->keys->bytes()) / static_cast<double>(kKeys));
  const double asked = seconds();
  size_t found = 0;
  for (uint64_t i = 0; i < 2 * kKeys; i += 20) {
    const uint64_t fingerprint = dedup_key_of("orders", std::to_string(i)).fingerprint();
    found += !recovered->keys->find(fingerprint, 0).empty();
  }
  std::printf("%.0f ns to hash and look up a key, %zu of 50,000 known\n",
              (seconds() - asked) * 1e9 / (2.0 * kKeys / 20), found);
}

TEST_CASE("figures: a million queued" * doctest::skip()) {
  Scratch scratch;
  ServiceOptions options;
  options.data_dir = scratch.path() + "/data";
  SystemClock clock;
  {
    Driver d(options, clock);
    d.service->worker_joined(1, 64);
    std::printf("empty queue: %.0f events/s accepted and ended, %lu MB\n", throughput(d, 4), rss_mb());
    d.service->worker_gone(1);
    const double start = seconds();
    for (int i = 0; i < 1'000'000;) {
      for (int j = 0; j < 500 && i < 1'000'000; j++)
        if (std::holds_alternative<Id>(d.service->accept(typical_event(), 0))) i++;
      d.turn();
      REQUIRE(d.turned.ok());
      d.actions.clear();
    }
    d.flush();
    std::printf("filled 1 M in %.1f s (%.0f events/s), %lu MB\n", seconds() - start,
                1e6 / (seconds() - start), rss_mb());
    d.service->worker_joined(1, 64);
    std::printf("with 1 M queued: %.0f events/s, %lu MB\n", throughput(d, 4), rss_mb());
  }
  malloc_trim(0);
  const double start = seconds();
  Driver d(options, clock);
  REQUIRE_MESSAGE(d.status.ok(), d.status.message());
  const double opened = seconds();
  d.send();
  std::printf("restart: %.2f s to open, %.2f s to the first acknowledgement, %lu MB\n",
              opened - start, seconds() - start, rss_mb());
  d.actions.clear();
  d.service->worker_joined(1, 64);
  std::printf("after it: %.0f events/s, %lu MB, queued %lu\n", throughput(d, 4), rss_mb(),
              d.service->counters().queued);
}

}  // namespace
}  // namespace penstock::queue
