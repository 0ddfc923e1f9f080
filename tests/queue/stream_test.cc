// The streams of runs: pieces in order, gated, handed back, counted across deaths.
#include <doctest/doctest.h>

#include "driver.h"
#include "queue/memory_store.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

records::StreamPiece delta(std::string text) {
  records::StreamPiece piece;
  piece.set_type("delta");
  piece.set_data(std::move(text));
  piece.set_ordinal(1);
  return piece;
}

StreamPage stream(Driver& driver, Id id, uint32_t from = 0, size_t bytes_max = 1 << 20) {
  driver.service->read_stream(id, from, bytes_max, 5);
  ReadDone done = driver.next_read();
  REQUIRE(done.status.ok());
  return std::get<StreamPage>(std::move(done.value));
}

std::string text_of(const StreamPage& page) {
  std::string text;
  for (const PiecePtr& piece : page.pieces) text += piece->data();
  return text;
}

Dispatch lease(Driver& driver, WorkerId worker = 1) {
  driver.service->worker_joined(worker, 4);
  auto dispatch = driver.next<Dispatch>();
  REQUIRE(dispatch);
  return *std::move(dispatch);
}

TEST_CASE("pieces are told once they are durable, in order, and read back from any place") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  for (const char* text : {"a", "b", "c"}) driver.service->piece(1, id, run.fence, delta(text));
  for (uint32_t i = 0; i < 3; i++) {
    const auto stored = driver.next<PieceStored>();
    REQUIRE(stored);
    CHECK(stored->sequence == i);
  }
  CHECK(text_of(stream(driver, id)) == "abc");
  CHECK(text_of(stream(driver, id, 2)) == "c");
  CHECK(stream(driver, id, 3).at_end);
  const StreamPage first = stream(driver, id, 0, 1);
  CHECK(first.pieces.size() == 1);
  CHECK(!first.at_end);
}

TEST_CASE("a stale worker's pieces are dropped, the next attempt goes on behind what is kept") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch first = lease(driver);
  driver.service->piece(1, id, first.fence, delta("kept "));
  driver.service->worker_gone(1);
  driver.service->piece(1, id, first.fence, delta("late "));
  clock.advance(60'000);
  const Dispatch second = lease(driver, 2);
  REQUIRE(second.pieces.size() == 1);
  records::StreamPiece back;
  REQUIRE(back.ParseFromString(second.pieces[0]));
  CHECK(back.data() == "kept ");
  driver.service->piece(2, id, second.fence, delta("more"));
  driver.service->finished(2, id, second.fence, outcome());
  CHECK(driver.next<Ended>()->result->stream_count() == 2);
  CHECK(text_of(stream(driver, id)) == "kept more");
}

TEST_CASE("the numbers go on after a restart, and a run cancelled then knows how many there are") {
  FakeClock clock;
  Scratch scratch;
  ServiceOptions options;
  options.data_dir = scratch.path();
  Id cancelled, going_on;
  {
    Driver driver(options, clock);
    cancelled = driver.send();
    going_on = driver.send();
    const Dispatch one = lease(driver), two = *driver.next<Dispatch>();
    for (int i = 0; i < 5; i++) driver.service->piece(1, one.event->id, one.fence, delta("x"));
    driver.flush();
    for (int i = 0; i < 2; i++) driver.service->piece(1, one.event->id, one.fence, delta("y"));
    driver.service->piece(1, two.event->id, two.fence, delta("z"));
    driver.flush();
  }
  Driver driver(options, clock);
  driver.service->cancel(cancelled, 1);
  CHECK(driver.next<Ended>()->result->stream_count() == 7);
  const Dispatch again = lease(driver);
  CHECK(again.pieces.size() == 1);
  driver.service->piece(1, going_on, again.fence, delta("z"));
  CHECK(driver.next<PieceStored>()->sequence == 1);
}

TEST_CASE("the first early reply counts, also over attempts") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch first = lease(driver);
  driver.service->piece(1, id, first.fence, delta("text"));
  driver.service->early_reply(1, id, first.fence, outcome(records::SUCCEEDED, "\"one\""));
  driver.service->worker_gone(1);
  clock.advance(60'000);
  const Dispatch second = lease(driver, 2);
  driver.service->early_reply(2, id, second.fence, outcome(records::SUCCEEDED, "\"two\""));
  driver.service->finished(2, id, second.fence, outcome(records::FAILED));
  const auto ended = driver.next<Ended>();
  REQUIRE(ended->result->reply_piece() == 2);
  records::Outcome reply;
  REQUIRE(reply.ParseFromString(stream(driver, id, 1).pieces.at(0)->data()));
  CHECK(reply.body() == "\"one\"");
}

TEST_CASE("a run that makes no pieces writes nothing of a stream") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  driver.service->finished(1, id, run.fence, outcome());
  CHECK(driver.next<Ended>()->result->stream_count() == 0);
  CHECK(stream(driver, id).pieces.empty());
  CHECK(!driver.read(id).live);
}

TEST_CASE("a stream that grows too long ends its run with a reason") {
  FakeClock clock;
  Driver driver({}, clock);
  const Id id = driver.send();
  const Dispatch run = lease(driver);
  const std::string large(limits::stream_piece_bytes_max, 'x');
  for (size_t i = 0; i <= limits::stream_bytes_max / large.size(); i++)
    driver.service->piece(1, id, run.fence, delta(large));
  const auto ended = driver.next<Ended>();
  CHECK(ended->result->outcome().status() == records::FAILED);
  CHECK(ended->result->outcome().error().title() == "The stream is too long");
}

TEST_CASE("a result with a time of its own is gone when that is over") {
  FakeClock clock;
  Driver driver({}, clock);
  NewEvent event = new_event("{}");
  event.meta.set_result_retention_ms(5'000);
  const Id id = std::get<Id>(driver.service->accept(std::move(event), 0));
  driver.flush();
  const Dispatch run = lease(driver);
  driver.service->finished(1, id, run.fence, outcome());
  CHECK(driver.next<Ended>()->result->expires_at_ms() == clock.wall_ms() + 5'000);
  CHECK(driver.read(id).result);
  clock.advance(5'001);
  const RunRead read = driver.read(id);
  CHECK(!read.result);
  CHECK(read.expired);
  CHECK(read.status == records::SUCCEEDED);
}

TEST_CASE("how a run ended is told for the gateway's time, also when its result goes earlier") {
  FakeClock clock;
  ServiceOptions options;
  options.result_retention_ms = 600'000;
  Driver driver(options, clock);
  NewEvent event = new_event("{}");
  event.meta.set_result_retention_ms(5'000);
  const Id id = std::get<Id>(driver.service->accept(std::move(event), 0));
  driver.flush();
  driver.service->finished(1, id, lease(driver).fence, outcome());
  const uint64_t finished_ms = driver.next<Ended>()->result->finished_at_ms();
  const auto pass = [&](int seconds) {
    for (int i = 0; i < seconds; i++) {
      clock.advance(1000);
      driver.turn();
    }
  };
  pass(300);  // sweeps have come by
  const RunRead early = driver.read(id);
  REQUIRE(early.remains);
  CHECK(!early.result);
  CHECK(early.expired);
  CHECK(early.status == records::SUCCEEDED);
  CHECK(early.remains->finished_at_ms() == finished_ms);
  CHECK(early.remains->outcome().body().empty());
  pass(600);
  const RunRead late = driver.read(id);
  CHECK(late.expired);
  CHECK(!late.remains);
}

}  // namespace
}  // namespace penstock::queue
