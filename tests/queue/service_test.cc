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

BOTH_ENGINES(a_worker_that_goes_away_costs_an_attempt_and_the_run_comes_back) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  auto first = d.next<Dispatch>();
  REQUIRE(first);
  d.service->worker_gone(1);
  d.service->worker_joined(2, 1);
  d.flush();
  CHECK(d.service->live(id)->status == records::WAITING);
  CHECK(d.service->live(id)->last_error == "the executor went away");
  engine.clock.advance(1000);
  auto second = d.next<Dispatch>();
  REQUIRE(second);
  CHECK(second->worker == 2);
  CHECK(second->attempt == 2);
  CHECK(second->fence > first->fence);
  d.service->finished(1, id, first->fence, outcome());
  CHECK(d.service->metrics().stale_results == 1);
  d.service->finished(2, id, second->fence, outcome());
  CHECK(d.next<Ended>()->result->attempts() == 2);
}

BOTH_ENGINES(a_run_whose_attempts_are_used_up_is_dead_and_says_why) {
  engine.options.attempts_max = 3;
  Driver d(engine.options, engine.clock);
  const Id id = d.send();
  for (WorkerId worker = 1; worker <= 3; worker++) {
    d.service->worker_joined(worker, 1);
    REQUIRE(d.next<Dispatch>());
    d.service->worker_gone(worker);
    d.flush();
    engine.clock.advance(300'000);
  }
  auto ended = d.next<Ended>();
  REQUIRE(ended);
  CHECK(ended->result->outcome().status() == records::DEAD);
  CHECK(ended->result->outcome().error().detail() ==
        "3 attempts failed; the last: the executor went away");
  CHECK(d.service->counters().dead == 1);
  CHECK(d.read(id).status == records::DEAD);
}

BOTH_ENGINES(a_silent_worker_loses_its_lease_and_a_heard_one_keeps_it) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  d.service->worker_joined(2, 1);
  d.send();
  d.send();
  auto one = d.next<Dispatch>(), two = d.next<Dispatch>();
  REQUIRE(two);
  for (int i = 0; i < 12; i++) {
    engine.clock.advance(1000);
    d.service->worker_alive(2);
    d.turn();
  }
  auto stop = d.next<CancelRun>();
  REQUIRE(stop);
  CHECK(stop->worker == 1);
  CHECK(stop->fence == (one->worker == 1 ? one : two)->fence);
  CHECK(d.service->metrics().leases_lost == 1);
  CHECK(d.service->metrics().slots_used == 1);
}

BOTH_ENGINES(a_loop_that_stood_still_takes_no_lease_away) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  d.send();
  REQUIRE(d.next<Dispatch>());
  engine.clock.advance(60'000);
  d.turn();
  CHECK(d.service->metrics().leases_lost == 0);
}

BOTH_ENGINES(a_journal_comes_back_in_order_with_the_next_attempt) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  auto first = d.next<Dispatch>();
  REQUIRE(first);
  for (uint32_t i = 0; i < 300; i++)
    d.service->journal(1, id, first->fence, i, "entry " + std::to_string(i));
  for (uint32_t i = 0; i < 300; i++) CHECK(d.next<JournalStored>()->sequence == i);
  d.service->journal(1, id, first->fence, 5, "said again");
  CHECK(d.next<JournalStored>()->sequence == 5);
  d.service->worker_gone(1);
  d.service->worker_joined(2, 1);
  d.flush();
  engine.clock.advance(1000);
  auto second = d.next<Dispatch>();
  REQUIRE(second);
  REQUIRE(second->journal.size() == 300);
  for (size_t i = 0; i < 300; i++) CHECK(second->journal[i] == "entry " + std::to_string(i));
  d.service->finished(2, id, second->fence, outcome());
  REQUIRE(d.next<Ended>());
  CHECK(d.read(id, true).journal.size() == 300);
}

BOTH_ENGINES(a_parked_run_frees_its_slot_and_wakes_on_time) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  auto first = d.next<Dispatch>();
  REQUIRE(first);
  d.service->park(1, id, first->fence, engine.clock.wall_ms() + 3000);
  d.flush();
  CHECK(d.service->metrics().slots_used == 0);
  CHECK(d.service->counters().waiting == 1);
  engine.clock.jump_wall(3'600'000);  // somebody sets the clock: timers do not care
  d.flush();
  CHECK(d.service->live(id)->status == records::WAITING);
  engine.clock.advance(3000);
  auto second = d.next<Dispatch>();
  REQUIRE(second);
  CHECK(second->attempt == 1);
}

BOTH_ENGINES(cancelling_ends_queued_waiting_and_running_runs_alike) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 2);
  const Id running = d.send(), parked = d.send();
  auto one = d.next<Dispatch>(), two = d.next<Dispatch>();
  REQUIRE(two);
  d.service->park(1, parked, (one->event->id == parked ? one : two)->fence,
                  engine.clock.wall_ms() + 9000);
  d.service->worker_draining(1);
  const Id queued = d.send();
  for (const Id id : {running, parked, queued}) {
    d.service->cancel(id, 5);
    auto answer = d.next<CancelAnswered>();
    REQUIRE(answer);
    CHECK(answer->known);
    CHECK(d.read(id).status == records::CANCELLED);
  }
  auto stop = d.next<CancelRun>();
  REQUIRE(stop);
  CHECK(stop->id == running);
  d.service->finished(1, running, stop->fence, outcome());
  CHECK(d.service->metrics().stale_results == 1);
  CHECK(d.read(running).status == records::CANCELLED);
  CHECK(d.service->counters().cancelled == 3);
  d.service->cancel(running, 6);
  CHECK(!d.next<CancelAnswered>()->known);
}

BOTH_ENGINES(a_backlog_beyond_the_window_comes_back_in_order) {
  engine.options.window_events_max = 10;
  Driver d(engine.options, engine.clock);
  std::vector<Id> sent;
  for (int i = 0; i < 500; i++) {
    sent.push_back(std::get<Id>(d.service->accept(new_event(std::to_string(i)), 0)));
    if (i % 7 == 0) d.flush();
  }
  d.flush();
  d.service->cancel(sent[400], 1);
  REQUIRE(d.next<CancelAnswered>()->known);
  CHECK(d.read(sent[450]).status == records::QUEUED);
  d.service->worker_joined(1, 3);
  for (int i = 0; i < 500; i++) {
    if (i == 400) continue;
    CAPTURE(i);
    auto dispatch = d.next<Dispatch>();
    REQUIRE(dispatch);
    CHECK(dispatch->event->id == sent[static_cast<size_t>(i)]);
    CHECK(dispatch->event->body.view() == std::to_string(i));
    d.service->finished(1, dispatch->event->id, dispatch->fence, outcome());
  }
  d.flush();
  CHECK(d.service->counters().succeeded == 499);
  CHECK(d.service->counters().queued == 0);
}

BOTH_ENGINES(a_sample_is_kept_and_never_run) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 4);
  NewEvent sample = new_event("{}");
  sample.meta.set_captured(true);
  const Id id = std::get<Id>(d.service->accept(std::move(sample), 0));
  d.flush();
  CHECK(d.actions.size() == 1);  // Accepted, no Dispatch
  CHECK(d.read(id).status == records::CAPTURED);
  CHECK(d.service->counters().captured == 1);
}

BOTH_ENGINES(an_event_for_later_waits_until_then) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 4);
  NewEvent event = new_event("{}");
  event.meta.set_not_before_ms(engine.clock.wall_ms() + 5000);
  const Id id = std::get<Id>(d.service->accept(std::move(event), 0));
  d.flush();
  CHECK(d.service->live(id)->status == records::WAITING);
  engine.clock.advance(5000);
  CHECK(d.next<Dispatch>()->event->id == id);
}

BOTH_ENGINES(definitions_are_kept_replaced_and_removed) {
  Driver d(engine.options, engine.clock);
  d.service->define({{"a", "1"}, {"b", "2"}, {"c", "3"}}, 8);
  CHECK(d.next<Defined>()->cookie == 8);
  d.service->define({{"a", "10"}, {"b", ""}}, 9);
  REQUIRE(d.next<Defined>());
  const auto definitions = d.service->definitions();
  REQUIRE(definitions.ok());
  REQUIRE(definitions->size() == 2);
  CHECK((*definitions)[0].value == "10");
  CHECK((*definitions)[1].key == "c");
}

BOTH_ENGINES(events_are_listed_newest_first_in_pages_and_by_filter) {
  Driver d(engine.options, engine.clock);
  std::vector<Id> sent;
  for (int i = 0; i < 30; i++) {
    NewEvent event = new_event("{}", i % 3 ? "a" : "b");
    if (i % 2) event.meta.set_tag("odd");
    sent.push_back(std::get<Id>(d.service->accept(std::move(event), 0)));
    engine.clock.advance(1);
    d.flush();
  }
  d.service->cancel(sent[4], 1);
  REQUIRE(d.next<CancelAnswered>());
  ListQuery query;
  query.limit = 20;
  const ListPage first = d.list(query);
  REQUIRE(first.entries.size() == 20);
  CHECK(first.entries[0].id == sent[29]);
  CHECK(first.entries[0].status == records::QUEUED);
  query.before = first.next;
  const ListPage second = d.list(query);
  REQUIRE(second.entries.size() == 10);
  CHECK(second.entries[0].id == sent[9]);
  CHECK(second.next.is_zero());
  ListQuery odd;
  odd.trigger = "b";
  odd.tag = "odd";
  CHECK(d.list(odd).entries.size() == 5);
  ListQuery cancelled;
  cancelled.status = records::CANCELLED;
  REQUIRE(d.list(cancelled).entries.size() == 1);
  CHECK(d.list(cancelled).entries[0].id == sent[4]);
  ListQuery recent;
  recent.since_ms = sent[25].time_ms();
  CHECK(d.list(recent).entries.size() == 5);
}

BOTH_ENGINES(running_and_waiting_runs_are_listed_among_many_queued) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 2);
  const Id running = d.send(), parked = d.send();
  auto one = d.next<Dispatch>(), two = d.next<Dispatch>();
  REQUIRE(two);
  d.service->park(1, parked, (one->event->id == parked ? one : two)->fence,
                  engine.clock.wall_ms() + 9000);
  d.service->worker_draining(1);
  for (int i = 0; i < 200; i++) d.send();
  ListQuery query;
  query.limit = 5;
  query.status = records::RUNNING;
  REQUIRE(d.list(query).entries.size() == 1);
  CHECK(d.list(query).entries[0].id == running);
  query.status = records::WAITING;
  REQUIRE(d.list(query).entries.size() == 1);
  CHECK(d.list(query).entries[0].id == parked);
}

BOTH_ENGINES(a_full_queue_says_so_and_when_to_come_back) {
  engine.options.queue_events_max = 3;
  Driver d(engine.options, engine.clock);
  for (int i = 0; i < 3; i++) d.send();
  const auto refused = d.service->accept(new_event("{}"), 0);
  REQUIRE(std::holds_alternative<Rejected>(refused));
  CHECK(std::get<Rejected>(refused).code == Code::kQueueFull);
  CHECK(std::get<Rejected>(refused).retry_after_s > 0);
}

BOTH_ENGINES(draining_refuses_new_events_and_lets_running_ones_finish) {
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  d.send();
  auto dispatch = d.next<Dispatch>();
  REQUIRE(dispatch);
  d.service->drain();
  CHECK(std::get<Rejected>(d.service->accept(new_event("{}"), 0)).code == Code::kDraining);
  d.service->finished(1, id, dispatch->fence, outcome());
  REQUIRE(d.next<Ended>());
  d.flush();
  CHECK(d.service->counters().queued == 1);
  CHECK(d.service->counters().running == 0);
}

BOTH_ENGINES(a_memory_event_is_answered_at_once_and_stored_all_the_same) {
  Driver d(engine.options, engine.clock);
  NewEvent event = new_event("{}");
  event.memory_only = true;
  const Id id = std::get<Id>(d.service->accept(std::move(event), 3));
  d.turn();
  REQUIRE(d.actions.size() == 1);
  CHECK(std::get<Accepted>(d.actions[0]).cookie == 3);
  d.flush();
  CHECK(d.read(id).event != nullptr);
}

BOTH_ENGINES(results_and_events_expire_and_say_so) {
  engine.options.result_retention_ms = 100'000;
  engine.options.event_retention_ms = 400'000;
  Driver d(engine.options, engine.clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  auto dispatch = d.next<Dispatch>();
  d.service->finished(1, id, dispatch->fence, outcome());
  REQUIRE(d.next<Ended>());
  for (int i = 0; i < 200; i++) {
    engine.clock.advance(1000);
    d.service->worker_alive(1);
    d.turn();
  }
  for (int i = 0; i < 50; i++) d.send("keeps the cache busy");
  CHECK(d.service->cached_result(id) != nullptr);  // memory may know it for longer
  CHECK(!d.read(Id::floor_of(engine.clock.wall_ms())).expired);
  CHECK(d.read(Id::floor_of(1000)).expired);
}

TEST_CASE("the result of a run that was read just before it ended is found") {
  FakeClock clock;
  Driver d(ServiceOptions(), clock);
  d.service->worker_joined(1, 1);
  const Id id = d.send();
  auto dispatch = d.next<Dispatch>();
  REQUIRE(dispatch);
  d.service->read_run(id, false, 1);
  d.service->finished(1, id, dispatch->fence, outcome());
  const auto done = d.next_read();
  const auto status = std::get<RunRead>(done.value).status;
  CHECK((status == records::RUNNING || status == records::SUCCEEDED));
}

}  // namespace
}  // namespace penstock::queue
