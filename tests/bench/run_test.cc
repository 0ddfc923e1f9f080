// Whole loads and verifications against a gateway with faults to order.
#include <doctest/doctest.h>

#include "bench/load/runner.h"
#include "bench/verify/verifier.h"
#include "tests/bench/fake_gateway.h"

using namespace penstock;
using namespace penstock::bench;

namespace {

/// A load on a fake gateway, small enough for a test.
struct World {
  explicit World(const Faults& faults = {}) : gateway(faults) {
    uv_loop_init(&loop);
    load.url = *Url::parse(gateway.url());
    load.connections = 4;
    load.requests_max = 200;
    load.warmup_ms = 0;
    load.grace_ms = 5'000;
    load.poll_ms = 1;
    load.wait_s = 1;
  }
  ~World() { uv_loop_close(&loop); }

  void run() {
    dialer = *Dialer::make(&loop, load.url, {});
    Payloads payloads(1);
    REQUIRE(payloads.add_size("200").ok());
    builder = *RequestBuilder::make(load, std::move(payloads), nullptr, "test");
    Runner runner(*dialer, load, *builder, recorder, ledger, nullptr);
    const Status done = runner.run();
    REQUIRE_MESSAGE(done.ok(), done.message());
  }
  Verdict verify(uint64_t drain_ms = 0) {
    VerifyOptions options;
    options.drain_ms = drain_ms;
    Verifier verifier(*dialer, *builder, ledger, options);
    auto verdict = verifier.run();
    REQUIRE(verdict.ok());
    return *verdict;
  }
  const Counts& counts() const { return recorder.counts_of; }

  FakeGateway gateway;
  uv_loop_t loop;
  LoadOptions load;
  std::unique_ptr<Dialer> dialer;
  std::unique_ptr<RequestBuilder> builder;
  Recorder recorder;
  Ledger ledger;
};

}  // namespace

TEST_CASE("a closed loop sends exactly what was asked for, and all of it is found") {
  World world;
  world.run();
  CHECK(world.counts().done == 200);
  CHECK(world.counts().errors() == 0);
  CHECK(world.gateway.posts() == 200);
  CHECK(world.ledger.known() == 200);
  CHECK(world.recorder.latency.count() == 200);
  const Verdict verdict = world.verify();
  CHECK(verdict.asked == 200);
  CHECK(verdict.succeeded == 200);
  CHECK(verdict.whole());
}

TEST_CASE("forgotten events are lost, each one") {
  World world({.forget_each = 10});
  world.run();
  const Verdict verdict = world.verify();
  CHECK(verdict.lost == 20);
  CHECK_FALSE(verdict.whole());
}

TEST_CASE("one run named for two events is doubled") {
  World world({.repeat_each = 20});
  world.run();
  CHECK(world.verify().doubled == 10);
}

TEST_CASE("refusals are counted and not asked for") {
  World world({.refuse_each = 4});
  world.run();
  CHECK(world.counts().refused == 50);
  CHECK(world.counts().done == 150);
  CHECK(world.recorder.statuses[503] == 50);
  CHECK(world.verify().asked == 150);
}

TEST_CASE("a connection that breaks is opened again, and its event is of unknown fate") {
  World world({.hang_up_each = 50});
  world.run();
  CHECK(world.counts().broken >= 3);
  CHECK(world.counts().broken <= 4);
  CHECK(world.recorder.fate_unknown == world.counts().broken);
  CHECK(world.counts().reconnects >= world.counts().broken);
  CHECK(world.counts().done + world.counts().broken == 200);
}

TEST_CASE("with resend every event gets its answer in the end") {
  World world({.hang_up_each = 50});
  world.load.resend = true;
  world.run();
  CHECK(world.ledger.known() == 200);
  CHECK(world.counts().resent >= 4);
  CHECK(world.gateway.kept() == 200 + world.counts().resent);
}

TEST_CASE("runs that end later are waited for while draining") {
  World world({.looks_to_end = 2});
  world.run();
  CHECK(world.verify().not_ended == 200);
  World again({.looks_to_end = 2});
  again.run();
  const Verdict drained = again.verify(10'000);
  CHECK(drained.not_ended == 0);
  CHECK(drained.succeeded == 200);
}

TEST_CASE("a run that never ends is said after the drain") {
  World world({.never_end_each = 100});
  world.run();
  CHECK(world.verify(500).not_ended == 2);
}

TEST_CASE("each target follows its events to the end") {
  for (const Target target : {Target::kWait, Target::kPoll, Target::kStream, Target::kEndToEnd}) {
    World world({.looks_to_end = target == Target::kStream ? 0u : 1u});
    world.load.target = target;
    world.run();
    CHECK(world.counts().done == 200);
    CHECK(world.counts().errors() == 0);
    if (target != Target::kWait) CHECK(world.recorder.ack.count() == 200);
    if (target == Target::kWait) CHECK(world.counts().late == 200);
    if (target == Target::kStream) CHECK(world.recorder.first.count() == 200);
  }
}

TEST_CASE("a reply that is not what was sent is a mismatch") {
  World good, bad({.wrong_echo = true});
  for (World* world : {&good, &bad}) {
    world->load.target = Target::kEndToEnd;
    world->load.echo = true;
    world->run();
  }
  CHECK(good.counts().mismatched == 0);
  CHECK(bad.counts().mismatched == 200);
}

TEST_CASE("an open loop counts the wait for a slow server from the planned time") {
  // One connection, 5 ms an answer: at 1,000/s the queue grows by 800 a second.
  World world({.answer_after_us = 5'000});
  world.load.connections = 1;
  world.load.rate = 1'000;
  world.load.requests_max = 100;
  world.run();
  CHECK(world.counts().planned == 100);
  CHECK(world.counts().done == 100);
  CHECK(world.recorder.service.at(50) < 100'000'000);
  CHECK(world.recorder.latency.at(99) > 300'000'000);
  CHECK(world.recorder.latency.at(99) > 3 * world.recorder.service.at(50));
}

TEST_CASE("a server that falls behind still has a rate") {
  World world({.answer_after_us = 5'000});
  world.load.connections = 1;
  world.load.rate = 1'000;
  world.load.warmup_ms = 500;
  world.load.requests_max = 0;
  world.load.duration_ms = 500;
  world.load.grace_ms = 0;
  world.run();
  // What was planned in the warm-up is what gets done: about 200 a second.
  CHECK(world.counts().done_in_time > 20);
  CHECK(world.counts().done_in_time < 110);
  CHECK(world.counts().unsent > 300);
}

TEST_CASE("an open loop keeps its rate on a fast server") {
  World world;
  world.load.rate = 500;
  world.load.requests_max = 0;
  world.load.duration_ms = 1'000;
  world.run();
  CHECK(world.counts().planned >= 490);
  CHECK(world.counts().planned <= 520);
  CHECK(world.counts().done == world.counts().planned);
}

TEST_CASE("copies carry the first one's sequence number") {
  World world;
  world.load.duplicates_pct = 50;
  world.run();
  CHECK(world.counts().duplicates > 60);
  CHECK(world.ledger.issued() + world.counts().duplicates == 200);
  // This gateway knows no keys: each copy gets a run of its own, and that is found.
  CHECK(world.ledger.doubled() == world.counts().duplicates);
}

TEST_CASE("a server that is not there is a fault, not a figure") {
  World world;
  world.load.url = *Url::parse("http://127.0.0.1:1/");
  auto dialer = *Dialer::make(&world.loop, world.load.url, {});
  Payloads payloads(1);
  REQUIRE(payloads.add_size("200").ok());
  auto builder = *RequestBuilder::make(world.load, std::move(payloads), nullptr, "test");
  Runner runner(*dialer, world.load, *builder, world.recorder, world.ledger, nullptr);
  CHECK(runner.run().fault() == Fault::kUnavailable);
}
