// The executor's side of the worker protocol, frame by frame.
#include <doctest/doctest.h>

#include <optional>

#include "executor/link/worker.h"
#include "proto/limits.h"
#include "tests/executor/flow_http_server.h"

namespace penstock::executor {
namespace {

const char* const kEcho =
    "document: {dsl: '1.0.3', namespace: n, name: echo, version: '1.0.0'}\ndo: [{a: {set: '${ . "
    "}'}}]\n";

std::string source(const std::string& name, const std::string& tasks) {
  return "document: {dsl: '1.0.3', namespace: n, name: " + name + ", version: '1.0.0'}\ndo:\n" +
         tasks;
}

std::string run_id(int n) {
  std::string id(16, '\0');
  id[0] = 1;
  id[15] = static_cast<char>(n);
  return id;
}

// Wall time runs a thousand times faster when `skip_ms` is moved.
class SkippingClock final : public Clock {
 public:
  uint64_t monotonic_ms() const override { return real_.monotonic_ms() + skip_ms; }
  uint64_t monotonic_us() const override { return real_.monotonic_us() + skip_ms * 1000; }
  uint64_t wall_ms() const override { return real_.wall_ms() + skip_ms; }
  uint64_t skip_ms = 0;

 private:
  SystemClock real_;
};

class Gateway {
 public:
  Gateway() {
    uv_loop_init(&loop_);
    WorkerOptions options;
    options.name = "w";
    options.slots = 10;
    options.http.egress = EgressRules::everything();
    worker.emplace(&loop_, clock, std::move(options));
  }
  ~Gateway() {
    worker.reset();
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }

  void define(const std::string& name, const std::string& text, uint32_t version = 1) {
    worker::Frame frame;
    worker::Definition& definition = *frame.add_definitions();
    definition.set_name(name);
    definition.set_version(version);
    definition.set_source(text);
    CHECK(worker->on_frame(frame).ok());
  }
  static worker::Frame dispatch_frame(const std::string& workflow, const std::string& body,
                                      int n = 1) {
    worker::Frame frame;
    worker::Dispatch& dispatch = *frame.add_dispatches();
    dispatch.set_run(run_id(n));
    dispatch.set_fence(7);
    dispatch.set_attempt(1);
    dispatch.set_workflow(workflow);
    dispatch.set_workflow_version(1);
    dispatch.set_body(body);
    return frame;
  }
  void dispatch(const std::string& workflow, const std::string& body, int n = 1) {
    CHECK(worker->on_frame(dispatch_frame(workflow, body, n)).ok());
  }
  void stored(uint32_t sequence, int n = 1) {
    worker::Frame frame;
    worker::JournalStored& one = *frame.add_stored();
    one.set_run(run_id(n));
    one.set_fence(7);
    one.set_sequence(sequence);
    CHECK(worker->on_frame(frame).ok());
  }
  /// One turn's frames, merged; heartbeats are left out.
  worker::Frame turn() {
    worker->turn();
    worker::Frame all;
    while (std::optional<worker::Frame> frame = worker->take_frame()) {
      beats += frame->has_heartbeat();
      frame->clear_heartbeat();
      all.MergeFrom(*frame);
    }
    return all;
  }
  /// Turns until something is said.
  worker::Frame wait() {
    for (int i = 0; i < 500; i++) {
      worker::Frame frame = turn();
      if (frame.ByteSizeLong() > 0) return frame;
      uv_timer_t pause;
      uv_timer_init(&loop_, &pause);
      uv_timer_start(
          &pause, [](uv_timer_t*) {}, 10, 0);
      uv_run(&loop_, UV_RUN_ONCE);
      uv_close(reinterpret_cast<uv_handle_t*>(&pause), nullptr);
      uv_run(&loop_, UV_RUN_NOWAIT);
    }
    FAIL("the worker stays silent");
    return {};
  }

  SkippingClock clock;
  std::optional<Worker> worker;
  int beats = 0;

 private:
  uv_loop_t loop_;
};

TEST_CASE("a run of pure tasks is finished within the turn that brought it") {
  Gateway gateway;
  gateway.define("echo", kEcho);
  gateway.dispatch("echo", R"({"a":1.10})");
  const worker::Frame frame = gateway.turn();
  REQUIRE(frame.finished_size() == 1);
  CHECK(frame.finished(0).run() == run_id(1));
  CHECK(frame.finished(0).fence() == 7);
  CHECK(frame.finished(0).outcome().status() == records::SUCCEEDED);
  CHECK(frame.finished(0).outcome().body() == R"({"a":1.10})");
  CHECK(frame.finished(0).outcome().tasks(0).reference() == "/do/0/a");
  CHECK(frame.appends_size() == 0);
}

TEST_CASE("all that a turn brings leaves in one frame") {
  Gateway gateway;
  gateway.define("echo", kEcho);
  worker::Frame in;
  for (int n = 1; n <= 50; n++) in.MergeFrom(Gateway::dispatch_frame("echo", "1", n));
  CHECK(gateway.worker->on_frame(in).ok());
  gateway.worker->turn();
  REQUIRE(gateway.worker->take_frame()->finished_size() == 50);
  CHECK_FALSE(gateway.worker->take_frame());
}

TEST_CASE("a workflow that is not known is asked for, and the run waits for it") {
  Gateway gateway;
  gateway.dispatch("echo", "5");
  const worker::Frame asked = gateway.turn();
  REQUIRE(asked.wanted_size() == 1);
  CHECK(asked.wanted(0).name() == "echo");
  gateway.define("echo", kEcho);
  CHECK(gateway.turn().finished(0).outcome().body() == "5");
}

TEST_CASE("a workflow that is gone or broken fails the run, without a retry") {
  Gateway gateway;
  worker::Frame missing;
  missing.add_definitions()->set_name("gone");
  missing.mutable_definitions(0)->set_version(1);
  missing.mutable_definitions(0)->set_missing(true);
  gateway.dispatch("gone", "{}");
  CHECK(gateway.worker->on_frame(missing).ok());
  gateway.define("bad", source("bad", "- a: {set: {x: '${ ((( }'}}\n"));
  gateway.dispatch("bad", "{}", 2);
  const worker::Frame frame = gateway.turn();
  REQUIRE(frame.finished_size() == 2);
  for (const worker::Finished& finished : frame.finished()) {
    CHECK(finished.outcome().status() == records::FAILED);
    CHECK(finished.outcome().error().type().ends_with("/configuration"));
    CHECK_FALSE(finished.outcome().retryable());
  }
}

TEST_CASE("a failed run says what failed and where") {
  Gateway gateway;
  gateway.define(
      "r", source("r", "- a: {raise: {error: {type: t:x, status: 409, title: T, detail: D}}}\n"));
  gateway.dispatch("r", "{}");
  const records::Outcome outcome = gateway.turn().finished(0).outcome();
  CHECK(outcome.error().status() == 409);
  CHECK(outcome.error().instance() == "/do/0/a");
  CHECK(outcome.body().empty());
}

TEST_CASE("results are journalled, and the next call waits until they are stored") {
  Gateway gateway;
  StubServer server(
      [](const StubServer::Request&) { return StubServer::answer("200 OK", "{\"r\":1}"); });
  const std::string call =
      "{call: http, with: {method: post, endpoint: '" + server.url("/x") + "', body: {a: 1}}}\n";
  gateway.define("two", source("two", "- a: " + call + "- b: " + call));
  gateway.dispatch("two", "{}");
  const worker::Frame first = gateway.wait();
  REQUIRE(first.appends_size() == 2);
  CHECK(first.appends(1).sequence() == 1);
  CHECK(server.requests().size() == 1);
  gateway.stored(1);
  const worker::Frame last = gateway.wait();
  CHECK(last.finished(0).outcome().body() == "{\"r\":1}");
  CHECK(last.appends_size() == 0);
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0].has("Idempotency-Key: 01000000-0000-0000-0000-000000000001-1\r\n"));
  CHECK(server.requests()[1].has("Idempotency-Key: 01000000-0000-0000-0000-000000000001-2\r\n"));

  // The gateway gives the run to someone else, who has the journal: only the second call is made.
  worker::Frame again = Gateway::dispatch_frame("two", "{}");
  for (const worker::JournalAppend& append : first.appends())
    again.mutable_dispatches(0)->add_journal(append.record());
  CHECK(gateway.worker->on_frame(again).ok());
  CHECK(gateway.wait().finished_size() == 1);
  REQUIRE(server.requests().size() == 3);
  CHECK(server.requests()[2].has("Idempotency-Key: 01000000-0000-0000-0000-000000000001-2\r\n"));
}

TEST_CASE("a long wait leaves the worker, and ends in time when it comes back") {
  Gateway gateway;
  gateway.define("w", source("w", "- w: {wait: {hours: 1}}\n- s: {set: {done: true}}\n"));
  gateway.dispatch("w", "{}");
  const worker::Frame first = gateway.turn();
  REQUIRE(first.appends_size() == 1);
  CHECK(first.parks_size() == 0);
  gateway.stored(0);
  const worker::Frame parked = gateway.turn();
  REQUIRE(parked.parks_size() == 1);
  CHECK(gateway.worker->running() == 0);
  const uint64_t wake = parked.parks(0).wake_at_ms();
  CHECK(wake > gateway.clock.wall_ms() + 3'590'000);
  gateway.clock.skip_ms = 3'600'000;
  worker::Frame again = Gateway::dispatch_frame("w", "{}");
  again.mutable_dispatches(0)->add_journal(first.appends(0).record());
  CHECK(gateway.worker->on_frame(again).ok());
  CHECK(gateway.wait().finished(0).outcome().body() == R"({"done":true})");
}

TEST_CASE("a short wait stays") {
  Gateway gateway;
  gateway.define("w", source("w", "- w: {wait: {milliseconds: 30}}\n"));
  gateway.dispatch("w", "1");
  CHECK(gateway.turn().ByteSizeLong() == 0);
  CHECK(gateway.worker->running() == 1);
  CHECK(gateway.wait().finished(0).outcome().body() == "1");
}

TEST_CASE("a cancelled run is not heard of again") {
  Gateway gateway;
  gateway.define("w", source("w", "- w: {wait: {milliseconds: 30}}\n"));
  gateway.dispatch("w", "1");
  worker::Frame cancel;
  cancel.add_cancels()->set_run(run_id(1));
  cancel.mutable_cancels(0)->set_fence(6);
  CHECK(gateway.worker->on_frame(cancel).ok());
  CHECK(gateway.worker->running() == 1);  // another attempt's fence
  cancel.mutable_cancels(0)->set_fence(7);
  CHECK(gateway.worker->on_frame(cancel).ok());
  CHECK(gateway.worker->running() == 0);
}

TEST_CASE("a workflow that runs another asks for it by name") {
  Gateway gateway;
  gateway.define("outer", source("outer",
                                 "- r: {run: {workflow: {namespace: n, name: echo, version: "
                                 "latest, input: {k: '${ .v }'}}}}\n"));
  gateway.dispatch("outer", R"({"v":3})");
  const worker::Frame asked = gateway.turn();
  REQUIRE(asked.wanted_size() == 1);
  CHECK(asked.wanted(0).version() == 0);
  gateway.define("echo", kEcho, 4);
  CHECK(gateway.wait().finished(0).outcome().body() == R"({"k":3})");
}

TEST_CASE("events are looked at for the gateway") {
  Gateway gateway;
  records::TriggerDefinition trigger;
  trigger.mutable_mapping()->set_filter(".go");
  worker::Frame frame;
  for (const char* body : {R"({"go":true})", R"({"go":false})"}) {
    worker::Screen& wanted = *frame.add_screens();
    wanted.set_cookie(static_cast<uint64_t>(frame.screens_size()));
    wanted.set_trigger(trigger.SerializeAsString());
    wanted.set_body(body);
  }
  CHECK(gateway.worker->on_frame(frame).ok());
  const worker::Frame answer = gateway.turn();
  REQUIRE(answer.screened_size() == 2);
  CHECK(answer.screened(0).cookie() == 1);
  CHECK_FALSE(answer.screened(0).filtered());
  CHECK(answer.screened(1).filtered());
}

TEST_CASE("mapped variables are a run's input; a mapping that failed is its error") {
  Gateway gateway;
  gateway.define("echo", kEcho);
  records::EventMeta meta;
  meta.set_variables(R"({"v":1})");
  worker::Frame frame = Gateway::dispatch_frame("echo", R"({"body":1})");
  frame.mutable_dispatches(0)->set_meta(meta.SerializeAsString());
  CHECK(gateway.worker->on_frame(frame).ok());
  CHECK(gateway.wait().finished(0).outcome().body() == R"({"v":1})");
  meta.set_mapping_error("variable v (.v): missing");
  frame = Gateway::dispatch_frame("echo", "{}", 2);
  frame.mutable_dispatches(0)->set_meta(meta.SerializeAsString());
  CHECK(gateway.worker->on_frame(frame).ok());
  const worker::Frame failed = gateway.wait();
  CHECK(failed.finished(0).outcome().status() == records::FAILED);
  CHECK(failed.finished(0).outcome().error().detail() == meta.mapping_error());
}

TEST_CASE("definitions are linted for the gateway") {
  Gateway gateway;
  worker::Frame frame;
  frame.add_lints()->set_cookie(9);
  frame.mutable_lints(0)->set_source(kEcho);
  frame.add_lints()->set_source("document: 1\n");
  CHECK(gateway.worker->on_frame(frame).ok());
  const worker::Frame answer = gateway.turn();
  REQUIRE(answer.lint_reports_size() == 2);
  CHECK(answer.lint_reports(0).cookie() == 9);
  CHECK(answer.lint_reports(0).sound());
  CHECK(answer.lint_reports(0).name() == "echo");
  CHECK_FALSE(answer.lint_reports(1).sound());
  CHECK(answer.lint_reports(1).findings_size() > 0);
}

TEST_CASE("it says that it lives, and how much it has to do") {
  Gateway gateway;
  gateway.turn();
  CHECK(gateway.beats == 1);
  gateway.turn();
  CHECK(gateway.beats == 1);
  gateway.clock.skip_ms = limits::heartbeat_ms;
  gateway.turn();
  CHECK(gateway.beats == 2);
}

TEST_CASE("a draining worker is done when its runs are") {
  Gateway gateway;
  gateway.define("w", source("w", "- w: {wait: {milliseconds: 30}}\n"));
  gateway.dispatch("w", "1");
  worker::Frame drain;
  drain.mutable_drain();
  CHECK(gateway.worker->on_frame(drain).ok());
  CHECK_FALSE(gateway.worker->done());
  gateway.wait();
  CHECK(gateway.worker->done());
}

TEST_CASE("a refusal and nonsense are faults") {
  Gateway gateway;
  worker::Frame refused;
  refused.mutable_welcome()->set_refused("wrong token");
  CHECK(gateway.worker->on_frame(refused).message().find("wrong token") != std::string::npos);
  worker::Frame nonsense;
  nonsense.add_dispatches()->set_run("short");
  CHECK_FALSE(gateway.worker->on_frame(nonsense).ok());
}

TEST_CASE("a long computation gives way to other runs") {
  Gateway gateway;
  gateway.define("long",
                 source("long", "- f: {for: {in: '[range(50000)]'}, do: [{a: {set: {n: 1}}}]}\n"));
  gateway.define("echo", kEcho);
  gateway.dispatch("long", "{}", 1);
  gateway.dispatch("echo", "1", 2);
  const worker::Frame first = gateway.turn();
  REQUIRE(first.finished_size() == 1);
  CHECK(first.finished(0).run() == run_id(2));
  CHECK(gateway.wait().finished(0).run() == run_id(1));
}

worker::Heard heard(uint32_t sequence, const std::string& data) {
  worker::Heard one;
  one.set_run(run_id(1));
  one.set_fence(7);
  one.set_sequence(sequence);
  one.set_event(R"({"specversion":"1.0","id":"1","source":"s","type":"t.a","data":)" + data + "}");
  one.add_ordinals(1);
  return one;
}

TEST_CASE("a run tells what it listens for, hears it, and says how far its journal is") {
  Gateway gateway;
  gateway.define("ears", source("ears",
                                "- l: {listen: {to: {all: [{with: {type: t.a, subject: '${ . == "
                                "null | not }', source: s}}, {with: {type: t.b}}]}}}\n"));
  gateway.dispatch("ears", "{}");
  const worker::Frame first = gateway.turn();
  REQUIRE(first.listens_size() == 1);
  CHECK(first.listens(0).ordinal() == 1);
  REQUIRE(first.listens(0).filters().any_size() == 2);
  CHECK(first.listens(0).filters().any(0).type() == "t.a");
  CHECK(first.listens(0).filters().any(0).source() == "s");
  CHECK(first.listens(0).filters().any(0).more());
  CHECK_FALSE(first.listens(0).filters().any(1).more());
}

TEST_CASE("a run that listens leaves its slot after a while, and goes on with what it missed") {
  const std::string text = source(
      "ears", "- l: {listen: {to: {any: [{with: {type: t.a}}], until: 'length >= 3'}}}\n");
  Gateway gateway;
  gateway.define("ears", text);
  gateway.dispatch("ears", "{}");
  const worker::Frame first = gateway.turn();
  REQUIRE(first.appends_size() == 1);  // when it began
  gateway.stored(0);
  worker::Frame in;
  *in.add_heard() = heard(0, "1");
  CHECK(gateway.worker->on_frame(in).ok());
  const worker::Frame second = gateway.turn();
  REQUIRE(second.appends_size() == 1);
  CHECK(second.parks_size() == 0);
  gateway.stored(1);
  gateway.clock.skip_ms += 2 * limits::listen_linger_ms;
  const worker::Frame parked = gateway.turn();
  REQUIRE(parked.parks_size() == 1);
  CHECK(parked.parks(0).wake_at_ms() == 0);
  CHECK(parked.parks(0).heard() == 1);
  CHECK(gateway.worker->running() == 0);

  worker::Frame again = Gateway::dispatch_frame("ears", "{}");
  worker::Dispatch& dispatch = *again.mutable_dispatches(0);
  dispatch.add_journal(first.appends(0).record());
  dispatch.add_journal(second.appends(0).record());
  for (const auto& one : {heard(0, "1"), heard(1, "2"), heard(2, "3")}) {
    records::InboxRecord record;
    record.set_event(one.event());
    record.add_ordinals(1);
    dispatch.add_inbox(record.SerializeAsString());
  }
  CHECK(gateway.worker->on_frame(again).ok());
  const worker::Frame last = gateway.turn();
  REQUIRE(last.finished_size() == 1);
  CHECK(last.finished(0).outcome().body() == "[1,2,3]");
}

TEST_CASE("an emitted event goes to the gateway, and the run waits until it is kept") {
  Gateway gateway;
  gateway.define("tell", source("tell", "- e: {emit: {event: {with: {type: t.a, source: s}}}}\n"));
  gateway.dispatch("tell", "{}");
  const worker::Frame first = gateway.turn();
  REQUIRE(first.emits_size() == 1);
  CHECK(first.finished_size() == 0);
  worker::Frame in;
  worker::Emitted& emitted = *in.add_emitted();
  emitted.set_run(run_id(1));
  emitted.set_fence(7);
  emitted.set_ordinal(first.emits(0).ordinal());
  SUBCASE("kept") {
    CHECK(gateway.worker->on_frame(in).ok());
    CHECK(gateway.wait().finished(0).outcome().status() == records::SUCCEEDED);
  }
  SUBCASE("refused") {
    emitted.set_refused("no room");
    CHECK(gateway.worker->on_frame(in).ok());
    CHECK(gateway.wait().finished(0).outcome().error().detail() == "no room");
  }
}

TEST_CASE("which events a workflow starts from, an executor says") {
  Gateway gateway;
  gateway.define("starts",
                 "document: {dsl: '1.0.3', namespace: n, name: starts, version: '1.0.0'}\n"
                 "schedule: {on: {all: [{with: {type: t.a, data: '${ .n > 1 }'}, correlate: {k: "
                 "{from: .data.k}}}, {with: {type: t.b}}]}}\ndo: [{a: {set: {x: 1}}}]\n");
  worker::Frame in;
  for (const char* data : {R"({"n":1,"k":"x"})", R"({"n":2,"k":"x"})", R"({"n":2})"}) {
    worker::Match& match = *in.add_matches();
    match.set_cookie(static_cast<uint64_t>(in.matches_size()));
    match.set_workflow("starts");
    match.set_version(1);
    match.set_event(heard(0, data).event());
  }
  CHECK(gateway.worker->on_frame(in).ok());
  const worker::Frame out = gateway.turn();
  REQUIRE(out.matched_size() == 3);
  CHECK(out.matched(0).filters_size() == 0);
  CHECK(out.matched(1).filters_size() == 1);
  CHECK(out.matched(1).correlation() == "k=\"x\"\n");
  CHECK(out.matched(2).filters_size() == 0);
}

}  // namespace
}  // namespace penstock::executor
