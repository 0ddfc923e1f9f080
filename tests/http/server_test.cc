// What a server does over time: order, waiting, hanging up, closing, draining.
#include "gateway/http/server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

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
  client.send(
      "POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
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
  client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" +
              std::string(kGet));
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

TEST_CASE("an inherited listening socket is served") {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  World world;
  ListenOptions options;
  options.fd = fd;
  REQUIRE(world.server->listen(options, world.handler).ok());
  world.port = world.server->bound_port(1);
  Client client(world);
  client.send(kGet);
  CHECK(client.take().starts_with("HTTP/1.1 200"));
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
