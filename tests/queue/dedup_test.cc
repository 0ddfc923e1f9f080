// One key, one run: on both engines, within a turn, across evictions and restarts.
#include <doctest/doctest.h>

#include <memory>

#include "driver.h"
#include "queue/dedup_index.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

struct Keyed {
  explicit Keyed(bool on_disk) {
    if (!on_disk) return;
    scratch = std::make_unique<Scratch>();
    options.data_dir = scratch->path() + "/data";
  }
  std::unique_ptr<Scratch> scratch;
  ServiceOptions options;
  FakeClock clock;
};

#define BOTH_ENGINES(name)                     \
  static void name(Keyed& engine);             \
  TEST_CASE(#name) {                           \
    for (const bool on_disk : {false, true}) { \
      CAPTURE(on_disk);                        \
      Keyed engine(on_disk);                   \
      name(engine);                            \
    }                                          \
  }                                            \
  static void name(Keyed& engine)

NewEvent keyed(std::string key, std::string_view body = "{}", uint64_t ttl_ms = 0) {
  NewEvent event = new_event(body);
  event.meta.set_dedup_key(std::move(key));
  event.meta.set_dedup_ttl_ms(ttl_ms);
  return event;
}

Id send(Driver& d, NewEvent event, Cookie cookie = 1) {
  auto answer = d.service->accept(std::move(event), cookie);
  REQUIRE(std::holds_alternative<Id>(answer));
  return std::get<Id>(answer);
}

BOTH_ENGINES(copies_of_one_turn_are_told_the_first_ones_id) {
  Driver d(engine.options, engine.clock);
  const Id first = send(d, keyed("k"), 1);
  CHECK(send(d, keyed("k"), 2) == first);
  const Id other = send(d, keyed("another"), 3);
  CHECK(other != first);
  d.flush();
  CHECK(d.next<Accepted>()->id == first);
  const auto copy = d.next<Duplicate>();
  REQUIRE(copy);
  CHECK(copy->cookie == 2);
  CHECK(copy->first == first);
  CHECK(!copy->key_reused);
  CHECK(d.service->counters().accepted == 2);
  CHECK(d.service->metrics().duplicates == 1);
}

BOTH_ENGINES(a_copy_is_answered_no_earlier_than_its_first) {
  Driver d(engine.options, engine.clock);
  d.flush();
  send(d, keyed("k"), 1);
  send(d, keyed("k"), 2);
  CHECK(d.service->take_actions().empty());  // nothing is durable before a turn
  CHECK(d.next<Duplicate>());
}

BOTH_ENGINES(a_key_counts_per_trigger_and_not_for_samples_or_replays) {
  Driver d(engine.options, engine.clock);
  NewEvent sample = keyed("k");
  sample.meta.set_captured(true);
  const Id captured = send(d, std::move(sample));
  const Id first = send(d, keyed("k"));
  CHECK(first != captured);
  NewEvent elsewhere = keyed("k");
  elsewhere.meta.set_trigger("other");
  CHECK(send(d, std::move(elsewhere)) != first);
  NewEvent replay = keyed("k");
  replay.meta.set_replay_of(std::string(first.raw()));
  CHECK(send(d, std::move(replay)) != first);
  CHECK(send(d, keyed("k")) == first);
}

BOTH_ENGINES(a_key_is_free_again_when_its_time_is_over) {
  Driver d(engine.options, engine.clock);
  const Id first = send(d, keyed("k", "{}", 5'000));
  d.flush();
  engine.clock.advance(4'000);
  CHECK(send(d, keyed("k")) == first);
  engine.clock.advance(1'001);
  d.flush();
  const Id second = send(d, keyed("k"));
  CHECK(second != first);
  d.flush();
  engine.clock.advance(25ull * 3600'000);
  d.flush();
  CHECK(send(d, keyed("k")) != second);
}

BOTH_ENGINES(another_body_under_the_same_key_is_told_where_bodies_count) {
  Driver d(engine.options, engine.clock);
  NewEvent one = keyed("k"), two = keyed("k"), same = keyed("k");
  one.meta.set_body_sha256("1");
  two.meta.set_body_sha256("2");
  same.meta.set_body_sha256("1");
  send(d, std::move(one));
  send(d, std::move(two), 2);
  send(d, std::move(same), 3);
  CHECK(d.next<Duplicate>()->key_reused);
  CHECK(!d.next<Duplicate>()->key_reused);
  CHECK(d.service->metrics().keys_reused == 1);
}

BOTH_ENGINES(a_delivery_for_several_workflows_is_several_runs_of_one_commit) {
  Driver d(engine.options, engine.clock);
  NewEvent event = keyed("k", "{\"a\":1}");
  event.fan_out = {{"second", 3}, {"third", 1}};
  const Id first = send(d, std::move(event));
  const auto accepted = d.next<Accepted>();
  REQUIRE(accepted);
  REQUIRE(accepted->more.size() == 2);
  CHECK(d.service->counters().accepted == 3);
  CHECK(d.service->metrics().commits == 1);
  const RunRead second = d.read(accepted->more[0]);
  records::EventMeta meta;
  REQUIRE(meta.ParseFromString(second.event->meta));
  CHECK(meta.workflow() == "second");
  CHECK(meta.workflow_version() == 3);
  CHECK(meta.fan_out_of() == first.raw());
  CHECK(second.event->body.view() == "{\"a\":1}");
  NewEvent again = keyed("k", "{\"a\":1}");
  again.fan_out = {{"second", 3}, {"third", 1}};
  CHECK(send(d, std::move(again)) == first);
  CHECK(d.next<Duplicate>()->more == accepted->more);
  CHECK(d.service->counters().accepted == 3);
}

TEST_CASE("keys are known again after a restart, by one read each") {
  Keyed engine(true);
  Id first, brief;
  {
    Driver d(engine.options, engine.clock);
    first = send(d, keyed("k"));
    brief = send(d, keyed("brief", "{}", 1'000));
    d.flush();
  }
  engine.clock.advance(2'000);
  Driver d(engine.options, engine.clock);
  REQUIRE(d.status.ok());
  CHECK(send(d, keyed("new")).is_zero() == false);
  CHECK(d.service->metrics().dedup_reads == 0);
  CHECK(send(d, keyed("k"), 11).is_zero());  // the disk decides
  CHECK(send(d, keyed("k"), 12).is_zero());
  CHECK(send(d, keyed("brief"), 13).is_zero());
  CHECK(!d.service->flushed());
  for (int i = 0; i < 2; i++) {
    const auto copy = d.next<Duplicate>();
    REQUIRE(copy);
    CHECK(copy->first == first);
    CHECK((copy->cookie == 11 || copy->cookie == 12));
  }
  CHECK(d.service->metrics().dedup_reads == 2);
  for (;;) {
    const auto accepted = d.next<Accepted>();
    REQUIRE(accepted);
    if (accepted->cookie != 13) continue;
    CHECK(accepted->id != brief);
    break;
  }
  CHECK(send(d, keyed("k"), 14) == first);  // and now memory does
}

TEST_CASE("keys that left memory are found on disk") {
  Keyed engine(true);
  Driver d(engine.options, engine.clock);
  const Id first = send(d, keyed("k"));
  for (size_t i = 0; i < limits::dedup_recent_max + 10; i++) {
    NewEvent event = keyed(std::to_string(i));
    while (std::holds_alternative<Rejected>(d.service->accept(std::move(event), 5))) {
      d.flush();
      event = keyed(std::to_string(i));
    }
    if (i % 1000 == 0) d.turn();
  }
  d.flush();
  d.actions.clear();
  CHECK(send(d, keyed("k"), 77).is_zero());
  const auto copy = d.next<Duplicate>();
  REQUIRE(copy);
  CHECK(copy->first == first);
}

TEST_CASE("the index finds what it was given and forgets what is over") {
  DedupIndex index;
  const auto key = [](uint64_t i) { return i * 0x9e3779b97f4a7c15ull | 1; };
  constexpr uint64_t kKeys = 300'000;
  for (uint64_t i = 1; i <= kKeys; i++) index.add(key(i), i % 2 ? 100 : 200);
  index.add(key(1), 300);
  CHECK(index.size() == kKeys + 1);
  CHECK(index.bytes() < kKeys * 24);
  size_t found = 0;
  for (uint64_t i = 1; i <= kKeys; i++) found += index.find(key(i), 0).size();
  CHECK(found == kKeys + 1);
  CHECK(index.find(key(1), 0).size() == 2);
  CHECK(index.find(key(1), 101) == std::vector<uint32_t>{300});
  CHECK(index.find(key(kKeys + 7), 0).empty());
  for (int i = 0; i < 256; i++) index.purge(101);
  CHECK(index.size() == kKeys / 2 + 1);
  CHECK(index.find(key(2), 0) == std::vector<uint32_t>{200});
  CHECK(index.find(key(3), 0).empty());
}

}  // namespace
}  // namespace penstock::queue
