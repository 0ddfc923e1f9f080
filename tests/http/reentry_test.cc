// Applications may call the server from inside its callbacks, at awkward moments too.
#include <doctest/doctest.h>

#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

enum class Act { kFlush, kDrain, kClose, kAnswerFirstAndClose };

/// Does one thing to the server from inside a callback of its own.
class MeddlingHandler : public EchoHandler {
 public:
  BodyPlan on_head(const RequestHead& head) override {
    if (head.path == "/meddle-head") meddle();
    return EchoHandler::on_head(head);
  }
  void on_request(ExchangeId exchange, const RequestHead& head, Body body) override {
    if (head.path == "/meddle") meddle();
    EchoHandler::on_request(exchange, head, std::move(body));
  }
  void on_gone(ExchangeId exchange) override {
    EchoHandler::on_gone(exchange);
    server->respond(exchange, Response());  // too late, and harmless
  }

  Act act = Act::kFlush;

 private:
  void meddle() {
    switch (act) {
      case Act::kFlush:
        return server->flush();
      case Act::kDrain:
        return server->drain();
      case Act::kClose:
        return server->close();
      case Act::kAnswerFirstAndClose: {
        Response last;
        last.close = true;
        return server->respond(held.at(0), std::move(last));
      }
    }
  }
};

struct MeddlingWorld : World {
  explicit MeddlingWorld(Act act) {
    meddler.act = act;
    meddler.server = server.get();
    ListenOptions options;
    options.host = "127.0.0.1";
    REQUIRE(server->listen(options, meddler).ok());
    port = server->bound_port(1);
  }
  MeddlingHandler meddler;
};

std::string request(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST_CASE("flushing inside a callback changes nothing") {
  MeddlingWorld world(Act::kFlush);
  Client client(world);
  client.send(request("/meddle") + request("/meddle-head") + request("/e"));
  CHECK(count(client.take(), "HTTP/1.1 200 OK") == 3);
}

TEST_CASE("draining inside a callback ends the connection behind the answer") {
  for (const std::string_view path : {"/meddle", "/meddle-head"}) {
    MeddlingWorld world(Act::kDrain);
    Client client(world);
    client.send(request(path) + request("/e"));
    const std::string got = client.take();
    CHECK(count(got, "HTTP/1.1 200 OK") == 1);
    CHECK(count(got, "Connection: close") == 1);
    CHECK(client.ended());
  }
}

TEST_CASE("closing inside a callback ends everything at once") {
  for (const std::string_view path : {"/meddle", "/meddle-head"}) {
    MeddlingWorld world(Act::kClose);
    Client client(world), other(world);
    other.send(request("/hold"));
    client.send(request(path) + request("/e"));
    CHECK(client.ended());
    CHECK(other.ended());
    CHECK(client.take() == "");
  }
}

TEST_CASE("closing inside a callback, with the request cut in two") {
  for (const std::string_view path : {"/meddle", "/meddle-head"}) {
    MeddlingWorld world(Act::kClose);
    Client client(world);
    const std::string bytes =
        "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    client.send(bytes.substr(0, 20));
    client.send(bytes.substr(20));
    CHECK(client.ended());
  }
}

TEST_CASE("a last answer from inside the next request's callback ends that one") {
  for (const std::string_view path : {"/meddle", "/meddle-head"}) {
    MeddlingWorld world(Act::kAnswerFirstAndClose);
    Client client(world);
    client.send(request("/hold"));
    client.send(request(path) + request("/e"));
    const std::string got = client.take();
    CHECK(count(got, "HTTP/1.1 200 OK") == 1);
    CHECK(count(got, "Connection: close") == 1);
    CHECK(client.ended());
  }
}

}  // namespace
}  // namespace penstock::gateway::test
