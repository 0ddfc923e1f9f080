// What there may be too much of.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/http/server.h"
#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

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
  const std::string begin =
      "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n" + std::string(2000, 'x');
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

}  // namespace
}  // namespace penstock::gateway::test
