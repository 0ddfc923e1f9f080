// Who is given how long. The limits are small, so that no test sleeps for seconds.
#include <doctest/doctest.h>

#include "gateway/http/server.h"
#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

TEST_CASE("a client that reads nothing for too long is dropped") {
  ServerLimits limits;
  limits.write_stall_ms_max = 40;
  World world(limits);
  Client client(world, 4096);
  client.send(kHold);
  world.server->stream_begin(world.handler.held[0], text(std::string(16 << 20, 's')));
  CHECK(world.turn_until([&world] { return !world.handler.gone.empty(); }));
  CHECK(world.server->metrics().connections_open == 0);
}

TEST_CASE("a head that takes too long is 408, and silence is closed silently") {
  ServerLimits limits;
  limits.head_ms_max = 40;
  World world(limits);
  Client silent(world), slow(world), blank(world);
  slow.send("GET / HTTP/1.1\r\nHo");
  blank.send("\r\n");
  CHECK(slow.take_until("\r\n\r\n").starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  CHECK(slow.ended());
  CHECK(silent.ended());
  CHECK(silent.take() == "");
  CHECK(blank.ended());
  CHECK(blank.take() == "");
}

TEST_CASE("a head is not given more time by trickling") {
  ServerLimits limits;
  limits.head_ms_max = 60;
  World world(limits);
  Client slow(world);
  slow.send("GET / HTTP/1.1\r\n");
  const uint64_t begin = uv_hrtime();
  while (!slow.has_ended() && uv_hrtime() - begin < 2'000'000'000) slow.send("X");
  CHECK(uv_hrtime() - begin < 1'000'000'000);
  CHECK(slow.take().starts_with("HTTP/1.1 4"));
}

TEST_CASE("a body slower than the floor is 408") {
  ServerLimits limits;
  limits.body_grace_ms = 40;
  limits.body_floor_bytes_per_s = 100'000;  // 4,000 bytes in each 40 ms
  World world(limits);
  Client slow(world);
  slow.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nx");
  CHECK(slow.take_until("\r\n\r\n").starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  Client chunked(world);
  chunked.send("POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
  CHECK(chunked.take_until("\r\n\r\n").starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_CASE("a body above the floor may take longer than the grace") {
  ServerLimits limits;
  limits.body_grace_ms = 40;
  limits.body_floor_bytes_per_s = 1000;  // 40 bytes in each 40 ms
  World world(limits);
  Client client(world);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  const uint64_t begin = uv_hrtime();
  for (int i = 0; i < 10; i++) {
    client.send(std::string(100, 'x'));
    const uint64_t until = begin + static_cast<uint64_t>(i + 1) * 12'000'000;
    while (uv_hrtime() < until) world.turn(1);
  }
  CHECK(client.take().starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(uv_hrtime() - begin > 100'000'000);
}

TEST_CASE("an idle connection is closed after its time, a used one starts anew") {
  ServerLimits limits;
  limits.keep_alive_ms_max = 60;
  World world(limits);
  Client client(world);
  const uint64_t begin = uv_hrtime();
  for (int i = 1; i <= 6; i++) {
    client.send(kGet);
    const uint64_t until = begin + static_cast<uint64_t>(i) * 25'000'000;
    while (uv_hrtime() < until) world.turn(1);
    REQUIRE_FALSE(client.has_ended());
  }
  CHECK(client.ended());
}

TEST_CASE("a connection that waits for its answer is not idle") {
  ServerLimits limits;
  limits.keep_alive_ms_max = 20;
  limits.head_ms_max = 20;
  World world(limits);
  Client client(world);
  client.send(kHold);
  const uint64_t until = uv_hrtime() + 80'000'000;
  while (uv_hrtime() < until) world.turn(1);
  world.server->respond(world.handler.held[0], text("patience"));
  CHECK(count(client.take_until("patience"), "patience") == 1);
}

TEST_CASE("lingering ends after its time though the client stays") {
  ServerLimits limits;
  limits.linger_ms_max = 30;
  World world(limits);
  Client client(world);
  client.send("GET /e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.ended());
  CHECK(world.turn_until([&world] { return world.server->metrics().connections_open == 0; }));
}

}  // namespace
}  // namespace penstock::gateway::test
