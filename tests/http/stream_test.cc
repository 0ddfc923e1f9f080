// Answers that leave piece by piece.
#include <doctest/doctest.h>

#include "gateway/http/server.h"
#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

TEST_CASE("a stream leaves piece by piece, in chunks") {
  World world;
  Client client(world);
  client.send(kHold);
  const ExchangeId id = world.handler.held[0];
  world.server->stream_begin(id, text("one"));
  world.turn();
  const std::string begin = client.take();
  CHECK(count(begin, "Transfer-Encoding: chunked\r\n") == 1);
  CHECK(begin.ends_with("\r\n\r\n3\r\none\r\n"));
  CHECK(world.server->stream_write(id, "two and three"));
  world.turn();
  CHECK(client.take() == "d\r\ntwo and three\r\n");
  world.server->stream_end(id);
  world.turn();
  CHECK(client.take() == "0\r\n\r\n");
  CHECK_FALSE(world.server->stream_write(id, "more"));
  client.send(kGet);
  CHECK(client.take().starts_with("HTTP/1.1 200"));
}

TEST_CASE("a stream behind an open answer waits for its turn and loses nothing") {
  World world;
  Client client(world);
  client.send(std::string(kHold) + std::string(kHold));
  const ExchangeId id = world.handler.held[1];
  world.server->stream_begin(id, text("a"));
  CHECK(world.server->stream_write(id, "b"));
  CHECK(world.server->stream_backlog(id) == 2);
  world.server->stream_end(id);
  world.turn();
  CHECK(client.take() == "");
  world.server->respond(world.handler.held[0], text("first"));
  world.turn();
  CHECK(client.take().ends_with("2\r\nab\r\n0\r\n\r\n"));
}

TEST_CASE("a stream to HTTP/1.0 has no chunks and ends with the connection") {
  World world;
  Client client(world);
  client.send("GET /hold HTTP/1.0\r\n\r\n");
  const ExchangeId id = world.handler.held[0];
  world.server->stream_begin(id, text("one,"));
  world.server->stream_write(id, "two");
  world.server->stream_end(id);
  world.turn();
  const std::string got = client.take();
  CHECK(got.ends_with("Connection: close\r\n\r\none,two"));
  CHECK(got.find("Transfer-Encoding") == got.npos);
  CHECK(client.ended());
}

TEST_CASE("a stream to a HEAD has no body") {
  World world;
  Client client(world);
  client.send("HEAD /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  const ExchangeId id = world.handler.held[0];
  world.server->stream_begin(id, text("one"));
  world.server->stream_write(id, "two");
  world.server->stream_end(id);
  world.turn();
  CHECK(client.take().ends_with("\r\n\r\n"));
}

TEST_CASE("the reader of a stream who resets is told gone") {
  World world;
  Client client(world);
  client.send(kHold);
  const ExchangeId id = world.handler.held[0];
  world.server->stream_begin(id, text("one"));
  world.turn();
  client.reset();
  REQUIRE(world.turn_until([&world] { return !world.handler.gone.empty(); }));
  CHECK_FALSE(world.server->stream_write(id, "two"));
}

}  // namespace
}  // namespace penstock::gateway::test
