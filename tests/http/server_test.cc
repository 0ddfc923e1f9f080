// What a server does over time: order, waiting, streams, hanging up, bounds, deadlines.
#include "gateway/http/server.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

constexpr std::string_view kHold = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kGet = "GET /e HTTP/1.1\r\nHost: a\r\n\r\n";

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

size_t count(const std::string& text, std::string_view piece) {
  size_t found = 0;
  for (size_t at = text.find(piece); at != text.npos; at = text.find(piece, at + 1)) found++;
  return found;
}

TEST_CASE("answers leave in the order of the requests, whoever is ready first") {
  World world;
  Client client(world);
  client.send(std::string(kHold) + std::string(kHold) + std::string(kGet));
  REQUIRE(world.handler.held.size() == 2);
  CHECK(client.take() == "");
  world.server->respond(world.handler.held[1], text("second"));
  world.turn();
  CHECK(client.take() == "");
  world.server->respond(world.handler.held[0], text("first"));
  world.turn();
  const std::string got = client.take();
  CHECK(got.find("first") < got.find("second"));
  CHECK(count(got, "HTTP/1.1 200 OK") == 3);
}

TEST_CASE("a second answer and one for nobody are ignored") {
  World world;
  Client client(world);
  client.send(kHold);
  world.server->respond(world.handler.held[0], text("once"));
  world.server->respond(world.handler.held[0], text("twice"));
  world.server->respond(ExchangeId{99, 1, 0}, text("nobody"));
  world.turn();
  const std::string got = client.take();
  CHECK(count(got, "HTTP/1.1") == 1);
  CHECK(count(got, "once") == 1);
}

TEST_CASE("flush writes at once what was answered") {
  World world;
  Client client(world);
  client.send(kHold);
  world.server->respond(world.handler.held[0], text("now"));
  CHECK(client.take() == "");
  world.server->flush();
  CHECK(count(client.take(), "now") == 1);
}

TEST_CASE("100 Continue is sent once the head was accepted and the body is not there") {
  World world;
  Client client(world);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.take() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  CHECK(client.take().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("100 Continue is left out when the body has come already") {
  World world;
  Client client(world);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(client.take().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("100 Continue waits for the answers in front of it") {
  World world;
  Client client(world);
  client.send(kHold);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(client.take() == "");
  world.server->respond(world.handler.held[0], text("first"));
  world.turn();
  const std::string got = client.take();
  CHECK(got.find("first") < got.find("100 Continue"));
  CHECK(got.ends_with("100 Continue\r\n\r\n"));
}

TEST_CASE("a small body that came with its refused head is skipped, and the connection stays") {
  World world;
  Client client(world);
  client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + std::string(kGet));
  const std::string got = client.take();
  CHECK(count(got, "HTTP/1.1 404 ") == 1);
  CHECK(count(got, "HTTP/1.1 200 ") == 1);
}

TEST_CASE("a client that goes on sending still sees its 413 and not a reset") {
  World world;
  Client client(world);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 40; i++) client.send(piece);
  const std::string got = client.take_until("\r\n\r\n");
  CHECK(got.starts_with("HTTP/1.1 413 Content Too Large\r\n"));
  CHECK(client.ended());
}

TEST_CASE("a reset tells the application who is gone") {
  World world;
  Client client(world);
  client.send(kHold);
  client.reset();
  REQUIRE(world.turn_until([&world] { return !world.handler.gone.empty(); }));
  CHECK(world.handler.gone == world.handler.held);
  world.server->respond(world.handler.held[0], text("too late"));
  CHECK(world.server->metrics().connections_open == 0);
}

TEST_CASE("an answered exchange is never told gone") {
  World world;
  Client client(world);
  client.send(kHold);
  world.server->respond(world.handler.held[0], text("x"));
  client.reset();
  world.turn();
  CHECK(world.handler.gone.empty());
}

TEST_CASE("a client that ends its side is answered, and the application may know") {
  World world;
  Client client(world);
  client.send(kHold);
  client.end();
  CHECK(world.handler.half_closed == world.handler.held);
  CHECK(world.handler.gone.empty());
  world.server->respond(world.handler.held[0], text("still here"));
  CHECK(count(client.take_until("still here"), "still here") == 1);
  CHECK(client.ended());
}

TEST_CASE("requests behind a close are told gone when they were taken before it") {
  World world;
  Client client(world);
  client.send(std::string(kHold) + std::string(kHold));
  Response last = text("last");
  last.close = true;
  world.server->respond(world.handler.held[0], std::move(last));
  world.turn();
  CHECK(world.handler.gone == std::vector<ExchangeId>{world.handler.held[1]});
  CHECK(count(client.take(), "Connection: close\r\n") == 1);
  CHECK(client.ended());
}

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

TEST_CASE("a full pipeline stops reading and goes on when answers have left") {
  ServerLimits limits;
  limits.pipelined_requests_max = 4;
  World world(limits);
  Client client(world);
  std::string ten;
  for (int i = 0; i < 10; i++) ten += kHold;
  client.send(ten);
  CHECK(world.handler.held.size() == 4);
  for (size_t i = 0; i < 10; i++) {
    REQUIRE(world.handler.held.size() > i);
    world.server->respond(world.handler.held[i], text("x"));
    world.turn();
  }
  CHECK(world.handler.held.size() == 10);
  CHECK(count(client.take(), "HTTP/1.1 200 OK") == 10);
  client.send(kGet);
  CHECK(client.take().starts_with("HTTP/1.1 200"));
}

TEST_CASE("a client that does not read is not read from, and loses nothing") {
  ServerLimits limits;
  limits.write_backlog_bytes_max = 64 * 1024;
  World world(limits);
  Client client(world, 64 * 1024);
  const std::string body = "B" + std::string(59'999, 'b');
  const std::string post = "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body;
  size_t sent = 0;
  std::string wire;
  for (int i = 0; i < 200; i++) wire += post;
  while (sent < wire.size()) {  // until the socket takes no more
    const ssize_t now = ::send(client.fd(), wire.data() + sent, wire.size() - sent, MSG_DONTWAIT);
    if (now <= 0) break;
    sent += static_cast<size_t>(now);
    world.turn();
  }
  world.turn(20);
  const size_t taken = world.handler.requests.size();
  CHECK(taken < 200);
  std::string got;
  while (world.handler.requests.size() < 200 || got.size() < wire.size()) {
    got += client.take();
    const std::string_view rest = std::string_view(wire).substr(sent);
    const ssize_t now = ::send(client.fd(), rest.data(), rest.size(), MSG_DONTWAIT);
    if (now > 0) sent += static_cast<size_t>(now);
    world.turn();
    if (client.has_ended()) break;
  }
  got += client.take();
  CHECK(count(got, "HTTP/1.1 200 OK") == 200);
  CHECK(count(got, body) == 200);
}

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

TEST_CASE("more connections than allowed are told 503, and the others go on") {
  ServerLimits limits;
  limits.connections_max = 2;
  World world(limits);
  Client first(world), second(world);
  world.turn();
  Client third(world);
  world.turn();
  CHECK(third.take_until("\r\n\r\n").starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK(third.ended());
  first.send(kGet);
  CHECK(first.take().starts_with("HTTP/1.1 200"));
  CHECK(world.server->metrics().connections_refused == 1);
  third.close();
  second.close();
  world.turn();
  Client fourth(world);
  fourth.send(kGet);
  CHECK(fourth.take().starts_with("HTTP/1.1 200"));
}

TEST_CASE("without descriptors connections are dropped, not left spinning, and later taken again") {
  World world;
  Client before(world);
  before.send(kGet);
  CHECK(before.take().starts_with("HTTP/1.1 200"));
  const int probe = ::dup(0);
  ::close(probe);
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  {
    Client dropped(world);  // its own descriptor is open before the limit falls
    rlimit low = old;
    low.rlim_cur = static_cast<rlim_t>(probe) + 1;
    setrlimit(RLIMIT_NOFILE, &low);
    CHECK(dropped.ended());
    setrlimit(RLIMIT_NOFILE, &old);
  }
  before.send(kGet);
  CHECK(before.take().starts_with("HTTP/1.1 200"));
  Client after(world);
  after.send(kGet);
  CHECK(after.take().starts_with("HTTP/1.1 200"));
}

TEST_CASE("half-received bodies share a bound over all connections") {
  ServerLimits limits;
  limits.partial_bytes_max = 3000;
  World world(limits);
  Client first(world), second(world);
  const std::string begin = "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n" + std::string(2000, 'x');
  first.send(begin);
  second.send(begin);
  const std::string got = second.take();
  CHECK(got.starts_with("HTTP/1.1 503 "));
  CHECK(count(got, "Retry-After: 1\r\n") == 1);
  second.close();
  first.send(std::string(2000, 'x'));
  CHECK(first.take().starts_with("HTTP/1.1 503 "));  // it alone exceeds it
  Client third(world);
  third.send(begin.substr(0, begin.size() - 1000));
  third.reset();
  Client fourth(world);
  fourth.send(begin);
  CHECK(fourth.take() == "");  // what the others had counts no more
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

TEST_CASE("draining closes idle connections, finishes the others, takes no new ones") {
  World world;
  Client idle(world), busy(world);
  idle.send(kGet);
  busy.send(kHold);
  idle.take();
  world.server->drain();
  CHECK(idle.ended());
  CHECK_FALSE(world.server->drained());
  world.server->respond(world.handler.held[0], text("goodbye"));
  const std::string got = busy.take_until("goodbye");
  CHECK(count(got, "Connection: close\r\n") == 1);
  CHECK(busy.ended());
  busy.close();
  CHECK(world.turn_until([&world] { return world.server->drained(); }));
}

TEST_CASE("counts add up") {
  World world;
  Client client(world);
  client.send(std::string(kGet) + "bad\r\n\r\n");
  client.take();
  const ServerMetrics metrics = world.server->metrics();
  CHECK(metrics.connections_total == 1);
  CHECK(metrics.requests_total == 1);
  CHECK(metrics.bad_requests_total == 1);
  CHECK(metrics.responses_by_class[2] == 1);
  CHECK(metrics.responses_by_class[4] == 1);
  CHECK(metrics.bytes_in == kGet.size() + 7);
  CHECK(metrics.bytes_out > 100);
}

TEST_CASE("a peer's address comes without its port") {
  struct Remote : EchoHandler {
    BodyPlan on_head(const RequestHead& head) override {
      remote = head.remote;
      return EchoHandler::on_head(head);
    }
    std::string remote;
  };
  World world;
  Remote handler;
  handler.server = world.server.get();
  ListenOptions options;
  options.host = "::";  // dual stack: the client comes as a mapped address
  REQUIRE(world.server->listen(options, handler).ok());
  world.port = world.server->bound_port(1);
  Client client(world);
  client.send(kGet);
  CHECK(handler.remote == "127.0.0.1");
}

TEST_CASE("an address in use is a fault that names it") {
  World world;
  ListenOptions options;
  options.host = "127.0.0.1";
  options.port = world.port;
  const Status status = world.server->listen(options, world.handler);
  CHECK(status.fault() == Fault::kIo);
  CHECK(status.message().find("127.0.0.1:" + std::to_string(world.port)) != std::string::npos);
}

}  // namespace
}  // namespace penstock::gateway::test
