// Effects, their journal, and what a run does after a crash.
#include <algorithm>

#include "tests/executor/flow_world.h"

namespace penstock::flow {
namespace {

const char* const kThreeCalls = R"(
- a: {call: http, with: {method: get, endpoint: 'http://x.test/a'}}
- b: {call: http, with: {method: post, endpoint: 'http://x.test/b', body: '${ . }'}}
- c: {set: {n: '${ .n + 1 }'}}
- d: {call: http, with: {method: get, endpoint: 'http://x.test/d', query: {n: '${ .n }'}}}
)";

TEST_CASE("a call goes out with its arguments, and its result goes on") {
  Life life(program("- a: {call: http, with: {method: get, endpoint: 'http://x.test/{id}', query: "
                    "{q: '${ .q }'}}}\n"),
            R"({"id":1,"q":"z"})");
  REQUIRE(life.calls().size() == 1);
  CHECK(life.calls()[0].with.dump() ==
        R"({"method":"get","endpoint":"http://x.test/{id}","query":{"q":"z"}})");
  CHECK(life.calls()[0].input.dump() == R"({"id":1,"q":"z"})");
  life.answer(life.calls()[0].ordinal, value("[1,2]"));
  CHECK(life.output() == "[1,2]");
}

TEST_CASE("the last result of a run needs no journal: the outcome holds it") {
  Life life(program("- a: {call: http, with: {method: get, endpoint: 'http://x.test'}}\n"));
  life.answer(1, value("{}"));
  CHECK(life.finished());
  CHECK(life.journal().empty());
}

TEST_CASE("the next effect waits until the result before it is on disk") {
  Life life(program(kThreeCalls));
  life.answer(1, value(R"({"n":1})"));
  CHECK(life.journal().size() == 2);  // the start and the result
  CHECK(life.calls().size() == 1);
  life.stored();
  CHECK(life.calls().size() == 2);
}

TEST_CASE("a workflow may give up that wait") {
  Result<definition::Definition> loaded =
      definition::load("document: {name: w, metadata: {penstock: {journal: async}}}\ndo:" +
                       std::string(kThreeCalls));
  Life life(*Compiler::compile(loaded->root));
  life.answer(1, value(R"({"n":1})"));
  CHECK(life.calls().size() == 2);
}

// Runs to the end in one life, a crash at a time: after `keep` journal records the run dies and a
// new life goes on.
std::string run_with_crash(const ProgramPtr& code, size_t keep, std::vector<Ordinal>* asked) {
  std::vector<std::string> journal;
  std::optional<Life> life;
  life.emplace(code);
  bool crashed = false;
  size_t answered = 0;
  while (!life->finished()) {
    if (!crashed && life->journal().size() >= keep) {
      journal.assign(life->journal().begin(), life->journal().begin() + static_cast<long>(keep));
      life.emplace(code, "{}", journal, 9'000'000);
      crashed = true;
      answered = 0;
      continue;
    }
    if (answered < life->calls().size()) {
      const Call& call = life->calls()[answered++];
      asked->push_back(call.ordinal);
      life->answer(call.ordinal, value("{\"n\":" + std::to_string(call.ordinal * 10) + "}"));
    } else {
      life->stored();
    }
  }
  return life->output();
}

TEST_CASE(
    "a crash behind any journal record leads to the same end, and repeats no journalled call") {
  const ProgramPtr code = program(kThreeCalls);
  std::vector<Ordinal> asked;
  const std::string expected = run_with_crash(code, 99, &asked);
  CHECK(asked == std::vector<Ordinal>{1, 2, 3});
  for (size_t keep = 0; keep <= 3; keep++) {
    CAPTURE(keep);
    asked.clear();
    CHECK(run_with_crash(code, keep, &asked) == expected);
    CHECK(std::count(asked.begin(), asked.end(), 1) <= 2);
    CHECK(asked.back() == 3);  // the same ordinals, so the same idempotency keys
  }
}

TEST_CASE("a call in flight when the executor died goes out again under its old ordinal") {
  const ProgramPtr code = program(kThreeCalls);
  Life first(code);
  first.answer(1, value(R"({"n":1})"));
  first.stored();
  Life second(code, "{}", first.journal());
  REQUIRE(second.calls().size() == 1);
  CHECK(second.calls()[0].ordinal == first.calls()[1].ordinal);
  CHECK(second.calls()[0].with == first.calls()[1].with);
}

TEST_CASE("branches of a fork are replayed in the order in which they ended") {
  const ProgramPtr code = program(R"(
- f:
    fork:
      branches:
        - a: {do: [{x: {call: http, with: {method: get, endpoint: 'http://a'}, export: {as: '$context + {last: "a"}'}}}]}
        - b: {do: [{y: {call: http, with: {method: get, endpoint: 'http://b'}, export: {as: '$context + {last: "b"}'}}}]}
- z: {call: http, with: {method: get, endpoint: 'http://z', query: {last: '${ $context.last }'}}}
)");
  Life first(code);
  REQUIRE(first.calls().size() == 2);
  first.answer(2, value("2"));
  first.stored();
  first.answer(1, value("1"));
  first.stored();
  REQUIRE(first.calls().size() == 3);
  CHECK(first.calls()[2].with.get("query").dump() == R"({"last":"a"})");
  Life second(code, "{}", first.journal());
  REQUIRE(second.calls().size() == 1);
  CHECK(second.calls()[0].with == first.calls()[2].with);
  CHECK(second.calls()[0].ordinal == first.calls()[2].ordinal);
}

TEST_CASE("a wait ends at its time, also when the executor died meanwhile") {
  const ProgramPtr code = program("- w: {wait: {hours: 1}}\n- s: {set: {done: true}}\n");
  Life first(code);
  REQUIRE(first.timers().size() == 1);
  CHECK(first.timers()[0].due_ms == 1'000'000 + 3'600'000);
  CHECK(first.journal().size() == 1);  // when it began
  CHECK_FALSE(first.machine().idle_until());
  first.stored();
  CHECK(first.machine().idle_until() == 1'000'000 + 3'600'000);
  Life second(code, "{}", first.journal(), 2'000'000);
  REQUIRE(second.timers().size() == 1);
  CHECK(second.timers()[0].due_ms == first.timers()[0].due_ms);
  second.at(second.timers()[0].due_ms);
  second.answer(second.timers()[0].ordinal, Fired());
  CHECK(second.output() == R"({"done":true})");
}

TEST_CASE("a short wait is no reason to write anything") {
  Life life(program("- w: {wait: PT1S}\n"));
  CHECK(life.journal().empty());
  life.answer(1, Fired());
  CHECK(life.succeeded());
}

TEST_CASE("retries wait longer each time and end at their limit") {
  Life life(program(R"(
- t:
    try: [{a: {call: http, with: {method: get, endpoint: 'http://x'}}}]
    catch: {errors: {with: {status: 503}}, retry: {delay: {seconds: 1}, backoff: {exponential: {}}, limit: {attempt: {count: 3}}}}
)"));
  std::vector<uint64_t> delays;
  for (int i = 0; i < 4; i++) {
    REQUIRE(life.calls().size() == static_cast<size_t>(i) + 1);
    life.answer(life.calls().back().ordinal, Error::answered(503, "busy"));
    if (i == 3) break;
    life.stored();
    delays.push_back(life.timers().back().due_ms - 1'000'000);
    life.answer(life.timers().back().ordinal, Fired());
    life.stored();
  }
  CHECK(delays == std::vector<uint64_t>{1000, 2000, 4000});
  REQUIRE(life.finished());
  CHECK(life.error().status == 503);
  CHECK(life.error().instance == "/do/0/t/try/0/a");
  CHECK(life.error().retryable);
}

TEST_CASE("a retry leaves alone whoever asks for it, up to an hour, after a restart too") {
  const std::string tasks = R"(
- t:
    try: [{a: {call: http, with: {method: get, endpoint: 'http://x'}}}]
    catch: {retry: {delay: {seconds: 1}}}
)";
  for (const auto& [asked_ms, waited_ms] : {std::pair<uint64_t, uint64_t>{0, 1000},
                                            {500, 1000}, {7000, 7000}, {86'400'000, 3'600'000}}) {
    Error busy = Error::answered(429, "busy");
    busy.retry_after_ms = asked_ms;
    Life life(program(tasks));
    life.answer(1, busy);
    life.stored();
    CHECK(life.timers().back().due_ms - 1'000'000 == waited_ms);
    Life again(program(tasks), "{}", life.journal());
    CHECK(again.timers().back().due_ms == life.timers().back().due_ms);
  }
}

TEST_CASE("linear backoff, jitter and the limit on the whole time") {
  const std::string tasks = R"(
- t:
    try: [{a: {call: http, with: {method: get, endpoint: 'http://x'}}}]
    catch: {retry: {delay: {seconds: 1}, backoff: {linear: {}}, jitter: {from: {milliseconds: 100}, to: {milliseconds: 200}}, limit: {duration: {seconds: 2}}}, do: [{h: {set: {gave: up}}}]}
)";
  Life life(program(tasks));
  life.answer(1, Error::answered(500, ""));
  life.stored();
  const uint64_t delay = life.timers().back().due_ms - 1'000'000;
  CHECK(delay >= 1100);
  CHECK(delay <= 1200);
  Life again(program(tasks), "{}", life.journal());
  CHECK(again.timers().back().due_ms == life.timers().back().due_ms);  // drawn the same again
  life.at(life.timers().back().due_ms);
  life.answer(life.timers().back().ordinal, Fired());
  life.stored();
  life.answer(life.calls().back().ordinal, Error::answered(500, ""));
  CHECK(life.output() == R"({"gave":"up"})");
}

TEST_CASE("a timeout ends what is within the task and can be caught") {
  Life life(program(R"(
- t:
    try: [{a: {timeout: {after: {seconds: 2}}, do: [{x: {call: http, with: {method: get, endpoint: 'http://x'}}}]}}]
    catch: {do: [{h: {set: {type: '${ $error.type | split("/") | last }', at: '${ $error.instance }'}}}]}
)"));
  REQUIRE(life.timers().size() == 1);
  life.answer(life.timers()[0].ordinal, Fired());
  CHECK(life.output() == R"({"type":"timeout","at":"/do/0/t/try/0/a"})");
  CHECK(life.cancelled() == std::vector<Ordinal>{life.calls()[0].ordinal});
}

TEST_CASE("a task in time takes its timeout with it") {
  Life life(
      program("- a: {timeout: slow, call: http, with: {method: get, endpoint: 'http://x'}}\n- w: "
              "{wait: PT1S}\n",
              "use: {timeouts: {slow: {after: PT9S}}}\n"));
  life.answer(2, value("1"));
  CHECK(life.cancelled() == std::vector<Ordinal>{1});
}

TEST_CASE("the workflow's own timeout fails it") {
  Life life(program("- a: {wait: P1D}\n", "timeout: {after: PT1M}\n"));
  CHECK(life.timers().size() == 2);
  life.answer(1, Fired());
  CHECK(life.error().status == 408);
}

TEST_CASE("a branch that loses is cancelled") {
  Life life(program(
      "- f: {fork: {compete: true, branches: [{a: {call: http, with: {method: get, endpoint: "
      "'http://a'}}}, {b: {call: http, with: {method: get, endpoint: 'http://b'}}}]}}\n"));
  life.answer(2, value("\"b\""));
  CHECK(life.output() == "\"b\"");
  CHECK(life.cancelled() == std::vector<Ordinal>{1});
}

TEST_CASE("an event that is emitted is whole, and is the task's output") {
  Life life(
      program(
          "- e: {emit: {event: {with: {type: t.x, source: 'https://s', data: {n: '${ .n }'}}}}}\n"),
      R"({"n":1})");
  REQUIRE(life.emitted().size() == 1);
  const json::Value event = life.emitted()[0].event;
  CHECK(event.get("type").as_string() == "t.x");
  CHECK(event.get("specversion").as_string() == "1.0");
  CHECK(event.get("data").dump() == R"({"n":1})");
  CHECK_FALSE(event.get("id").is_null());
  life.answer(1, json::Value());
  CHECK(life.output() == event.dump());
}

std::string event(const std::string& type, const std::string& data, const std::string& more = "") {
  return R"({"specversion":"1.0","id":"1","source":"s","type":")" + type + R"(","data":)" + data +
         more + "}";
}

TEST_CASE("listen one takes the first event that fits, and remembers it") {
  const ProgramPtr code = program(
      "- l: {listen: {to: {one: {with: {type: t.a, data: '${ .n > 1 }'}}}}}\n- c: {call: http, "
      "with: {method: get, endpoint: 'http://x'}}\n");
  Life life(code);
  REQUIRE(life.listens().size() == 1);
  life.answer(1, Heard{value(event("t.b", R"({"n":5})"))});
  life.answer(1, Heard{value(event("t.a", R"({"n":1})"))});
  CHECK(life.journal().size() == 1);  // when it began: it may wait for long
  life.answer(1, Heard{value(event("t.a", R"({"n":2})"))});
  CHECK(life.cancelled() == std::vector<Ordinal>{1});
  life.stored();
  REQUIRE(life.calls().size() == 1);
  CHECK(life.calls()[0].input.dump() == R"([{"n":2}])");
  Life again(code, "{}", life.journal());
  CHECK(again.listens().empty());
  CHECK(again.calls().size() == 1);
}

TEST_CASE("an event of the inbox that an earlier life took is not taken again") {
  const ProgramPtr code = program("- l: {listen: {to: {any: [], until: '( . | length ) >= 3'}}}\n");
  Life life(code);
  CHECK_FALSE(life.machine().listening_until());
  life.stored();
  CHECK(life.machine().listening_until() == 0);
  life.answer(1, Heard{value(event("x", "1")), 0});
  life.answer(1, Heard{value(event("x", "2")), 1});
  life.stored();
  Life again(code, "{}", life.journal());
  REQUIRE(again.listens().size() == 1);
  again.answer(1, Heard{value(event("x", "1")), 0});
  again.answer(1, Heard{value(event("x", "2")), 1});
  CHECK_FALSE(again.finished());
  again.answer(1, Heard{value(event("x", "3")), 2});
  CHECK(again.output() == "[1,2,3]");
}

TEST_CASE("listen all waits for one event of each kind, by correlation") {
  Life life(program(R"(
- l: {listen: {to: {all: [{with: {type: t.a}, correlate: {room: {from: .room}}}, {with: {type: t.b}, correlate: {room: {from: .room}}}]}, read: envelope}, output: {as: 'map(.type)'}}
)"));
  life.answer(1, Heard{value(event("t.a", "1", R"(,"room":"x")"))});
  life.answer(1, Heard{value(event("t.a", "1", R"(,"room":"x")"))});
  life.answer(1, Heard{value(event("t.b", "1", R"(,"room":"y")"))});
  CHECK_FALSE(life.finished());
  life.answer(1, Heard{value(event("t.b", "1", R"(,"room":"x")"))});
  CHECK(life.output() == R"(["t.a","t.b"])");
}

TEST_CASE("listen any goes on until its condition holds or its event comes") {
  Life count(program("- l: {listen: {to: {any: [], until: '( . | length ) >= 2'}}}\n"));
  count.answer(1, Heard{value(event("x", "1"))});
  CHECK_FALSE(count.finished());
  count.answer(1, Heard{value(event("y", "2"))});
  CHECK(count.output() == "[1,2]");
  Life until(program(
      "- l: {listen: {to: {any: [{with: {type: x}}], until: {one: {with: {type: stop}}}}}}\n"));
  until.answer(1, Heard{value(event("x", "1"))});
  until.answer(1, Heard{value(event("x", "2"))});
  until.answer(1, Heard{value(event("stop", "3"))});
  CHECK(until.output() == "[1,2]");
}

TEST_CASE("foreach handles events one after the other, those that come meanwhile too") {
  Life life(program(R"(
- l:
    listen: {to: {any: [], until: '( . | length ) >= 2'}}
    foreach: {item: e, at: i, do: [{c: {call: http, with: {method: post, endpoint: 'http://x', body: {e: '${ $e }', i: '${ $i }'}}}}], output: {as: .r}}
)"));
  life.answer(1, Heard{value(event("x", "\"one\""))});
  life.stored();
  REQUIRE(life.calls().size() == 1);
  life.answer(1, Heard{value(event("x", "\"two\""))});
  life.answer(life.calls()[0].ordinal, value(R"({"r":1})"));
  life.stored();
  REQUIRE(life.calls().size() == 2);
  CHECK(life.calls()[1].with.get("body").dump() == R"({"e":"two","i":1})");
  life.answer(life.calls()[1].ordinal, value(R"({"r":2})"));
  CHECK(life.output() == "[1,2]");
}

TEST_CASE("a workflow runs another one, and a replay finds the same version again") {
  const ProgramPtr inner = program(
      "- c: {call: http, with: {method: get, endpoint: 'http://in', query: {x: '${ .x }'}}}\n- s: "
      "{set: {in: '${ . }', wf: '${ $workflow.input }'}}\n");
  const ProgramPtr code = program(
      "- r: {run: {workflow: {namespace: n, name: other, version: '1.0.0', input: {x: '${ .v "
      "}'}}}, output: {as: '{got: .}'}}\n- z: {set: {z: '${ .got }'}}\n");
  Life life(code, R"({"v":5})");
  REQUIRE(life.loads().size() == 1);
  CHECK(life.loads()[0].name == "other");
  life.answer(1, Loaded{inner, "@3"});
  life.stored();
  REQUIRE(life.calls().size() == 1);
  CHECK(life.calls()[0].with.get("query").dump() == R"({"x":5})");
  Life again(code, R"({"v":5})", life.journal());
  REQUIRE(again.loads().size() == 1);
  CHECK(again.loads()[0].version == "@3");
  CHECK(again.calls().empty());
  again.answer(1, Loaded{inner, "@3"});
  REQUIRE(again.calls().size() == 1);
  again.answer(again.calls()[0].ordinal, value("8"));
  CHECK(again.output() == R"({"z":{"in":8,"wf":{"x":5}}})");
}

TEST_CASE("a journal that does not fit ends the run instead of guessing") {
  const ProgramPtr code = program(kThreeCalls);
  CHECK(Life(code, "{}", {"nonsense"}).finished());
  CHECK(Life(code, "{}", {R"({"n":1,"at":1,"out":1})"}).finished());
  Life life(code, "{}", {R"({"v":1,"start":1})", R"({"n":7,"at":1,"out":1})"});
  CHECK(life.error().detail == "the journal does not fit the workflow");
}

TEST_CASE("answers to what was cancelled are ignored") {
  Life life(
      program("- f: {fork: {compete: true, branches: [{a: {call: http, with: {method: get, "
              "endpoint: 'http://a'}}}, {b: {call: http, with: {method: get, endpoint: "
              "'http://b'}}}]}}\n- w: {wait: PT1S}\n"));
  life.answer(2, value("1"));
  life.answer(1, value("2"));
  life.answer(3, Fired());
  CHECK(life.output() == "1");
}

TEST_CASE("the timeline tells each task's beginning and end in order") {
  Life life(program(
      "- a: {set: {x: 1}}\n- b: {if: 'false', set: {x: 2}}\n- c: {do: [{d: {set: {x: 3}}}]}\n"));
  std::string line;
  for (const Trace& trace : life.machine().traces()) {
    line += trace.node->name +
            (trace.status == TaskStatus::kSkipped     ? "-"
             : trace.status == TaskStatus::kSucceeded ? "+"
                                                      : "?") +
            " ";
  }
  CHECK(line == "w+ a+ b- c+ d+ ");
}

TEST_CASE("the timeline keeps the newest tasks only") {
  Life life(program("- f: {for: {in: '[range(500)]'}, do: [{a: {set: {n: 1}}}]}\n"));
  while (life.yielded()) life.resume();
  CHECK(life.machine().traces().size() == limits::flow_traces_max);
  CHECK(life.machine().traces().back().status == TaskStatus::kSucceeded);
}

}  // namespace
}  // namespace penstock::flow
