#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "executor/tasks/http_client.h"
#include "tests/executor/flow_http_server.h"
#include "tests/executor/patience.h"

namespace penstock::executor {
namespace {

using Request = StubServer::Request;

HttpClientOptions loopback() {
  const std::vector<std::string> allowed = {"127.0.0.0/8"};
  HttpClientOptions options;
  options.egress = *EgressRules::parse(allowed);
  return options;
}

// A client on a loop of its own, driven until everything has ended.
struct World {
  explicit World(HttpClientOptions options = loopback()) {
    uv_loop_init(&loop);
    client = std::make_unique<HttpClient>(&loop, std::move(options));
  }
  ~World() {
    client.reset();
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop) == 0);
  }
  std::vector<HttpReply> run(size_t count) {
    std::vector<HttpReply> replies;
    while (replies.size() < count) {
      if (!client->turn()) uv_run(&loop, UV_RUN_ONCE);
      for (HttpClient::Done& done : client->take_done()) replies.push_back(std::move(done.reply));
    }
    return replies;
  }
  HttpReply get(const std::string& url, bool follow = false) {
    client->start({.method = "GET", .url = url, .follow = follow});
    return run(1).front();
  }
  uv_loop_t loop;
  std::unique_ptr<HttpClient> client;
};

std::string hello(const Request&) {
  return StubServer::answer("200 OK", "{\"a\":1}");
}

TEST_CASE("a request goes out whole and its reply comes back") {
  StubServer server(hello);
  World world;
  world.client->start({.method = "POST",
                       .url = server.url("/x?y=1"),
                       .headers = {{"Idempotency-Key", "k1"}, {"Content-Type", "application/json"}},
                       .body = "[1]"});
  const HttpReply reply = world.run(1).front();
  CHECK(reply.fault == HttpFault::kNone);
  CHECK(reply.status == 200);
  CHECK(reply.body == "{\"a\":1}");
  CHECK(reply.headers[0] ==
        std::pair<std::string, std::string>("content-type", "application/json"));
  const Request request = server.requests().front();
  CHECK(request.line == "POST /x?y=1 HTTP/1.1");
  CHECK(request.has("Idempotency-Key: k1\r\n"));
  CHECK(request.body == "[1]");
}

TEST_CASE("one connection serves request after request") {
  StubServer server(hello);
  World world;
  for (int i = 0; i < 5; i++) CHECK(world.get(server.url("/")).status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("hundreds of slow requests wait at once") {
  StubServer server([](const Request&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return StubServer::answer("200 OK", "");
  });
  World world;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 300; i++) world.client->start({.method = "GET", .url = server.url("/")});
  CHECK(world.run(300).size() == 300);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20 * slower));
  CHECK(server.connections() > 100);
  const size_t before = server.connections();
  CHECK(world.get(server.url("/")).status == 200);
  CHECK(server.connections() == before);
}

TEST_CASE("an inner address is refused, by name and by number, and never connected to") {
  StubServer server(hello);
  World world{HttpClientOptions()};
  for (const char* host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    CAPTURE(host);
    const HttpReply reply =
        world.get("http://" + std::string(host) + ":" + std::to_string(server.port()) + "/");
    CHECK(reply.fault == HttpFault::kAddressRefused);
    CHECK(reply.message.find("--allow-egress") != std::string::npos);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a redirect to a refused address is refused") {
  StubServer inner(hello);
  StubServer outer([&](const Request&) {
    const std::string to = "http://127.0.0.2:" + std::to_string(inner.port()) + "/";
    return StubServer::answer("302 Found", "", "Location: " + to + "\r\n");
  });
  const std::vector<std::string> allowed = {"127.0.0.1"};
  HttpClientOptions options;
  options.egress = *EgressRules::parse(allowed);
  World world(std::move(options));
  CHECK(world.get(outer.url("/"), true).fault == HttpFault::kAddressRefused);
}

TEST_CASE("redirects are followed only when asked for, and not for ever") {
  StubServer server([](const Request& request) {
    if (request.line.starts_with("GET /end")) return StubServer::answer("200 OK", "end");
    const bool loop = request.line.starts_with("GET /loop");
    return StubServer::answer("302 Found", "", loop ? "Location: /loop\r\n" : "Location: /end\r\n");
  });
  World world;
  CHECK(world.get(server.url("/")).status == 302);
  CHECK(world.get(server.url("/"), true).body == "end");
  CHECK(world.get(server.url("/loop"), true).fault == HttpFault::kConnect);
}

TEST_CASE("credentials do not travel to another origin") {
  StubServer other(hello);
  StubServer first([&](const Request&) {
    return StubServer::answer("307 Temporary Redirect", "", "Location: " + other.url("/") + "\r\n");
  });
  World world;
  world.client->start({.method = "POST",
                       .url = first.url("/"),
                       .headers = {{"Authorization", "Bearer s3cret"}, {"X-Kept", "1"}},
                       .body = "body",
                       .follow = true});
  CHECK(world.run(1).front().status == 200);
  CHECK(first.requests().front().has("s3cret"));
  const Request second = other.requests().front();
  CHECK_FALSE(second.has("s3cret"));
  CHECK(second.has("X-Kept: 1"));
  CHECK(second.body == "body");
}

TEST_CASE("digest authentication answers the challenge") {
  StubServer server([](const Request& request) {
    if (request.has("Authorization: Digest") && request.has("username=\"bob\"")) {
      return StubServer::answer("200 OK", "in");
    }
    return StubServer::answer(
        "401 Unauthorized", "no",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  });
  World world;
  world.client->start({.method = "GET",
                       .url = server.url("/"),
                       .credentials = {HttpCredentials::Kind::kDigest, "bob", "pw"}});
  const HttpReply reply = world.run(1).front();
  CHECK(reply.status == 200);
  CHECK(reply.body == "in");
}

TEST_CASE("a slow server is a timeout, a closed port a connection fault") {
  StubServer server([](const Request&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return std::string();
  });
  World world;
  world.client->start({.method = "GET", .url = server.url("/"), .timeout_ms = 50});
  CHECK(world.run(1).front().fault == HttpFault::kTimeout);
  CHECK(world.get("http://127.0.0.1:1/").fault == HttpFault::kConnect);
}

TEST_CASE("a reply over the bound is cut off") {
  StubServer server([](const Request&) {
    return StubServer::answer("200 OK", std::string((16 << 20) + 1, 'x'));
  });
  World world;
  CHECK(world.get(server.url("/")).fault == HttpFault::kTooLarge);
}

TEST_CASE("what is no web address or smuggles a header is refused before it is sent") {
  World world;
  CHECK(world.get("file:///etc/passwd").fault == HttpFault::kBadRequest);
  CHECK(world.get("gopher://x/").fault == HttpFault::kBadRequest);
  CHECK(world.get("nonsense").fault == HttpFault::kBadRequest);
  world.client->start({.method = "GET", .url = "http://x/", .headers = {{"A", "b\r\nC: d"}}});
  CHECK(world.run(1).front().fault == HttpFault::kBadRequest);
  world.client->start({.method = "GET /x HTTP/1.1\r\n", .url = "http://x/"});
  CHECK(world.run(1).front().fault == HttpFault::kBadRequest);
}

TEST_CASE("a cancelled request is not heard of again") {
  StubServer server(hello);
  World world;
  const HttpClient::Token gone = world.client->start({.method = "GET", .url = server.url("/gone")});
  world.client->start({.method = "GET", .url = server.url("/kept")});
  world.client->cancel(gone);
  CHECK(world.run(1).size() == 1);
  CHECK(world.client->in_flight() == 0);
}

TEST_CASE("a name can be sent to another address and port") {
  StubServer server(hello);
  HttpClientOptions options = loopback();
  options.resolve = {"api.example.test:80:127.0.0.1:" + std::to_string(server.port())};
  World world(std::move(options));
  CHECK(world.get("http://api.example.test/x").status == 200);
  CHECK(server.requests().front().has("Host: api.example.test\r\n"));
}

TEST_CASE("address blocks are read and judged") {
  CHECK_FALSE(Cidr::parse("10.0.0.0/33").ok());
  CHECK_FALSE(Cidr::parse("10.0.0/8").ok());
  CHECK_FALSE(Cidr::parse("10.0.0.0/").ok());
  CHECK(Cidr::parse("fd00::/8").ok());
  const EgressRules rules;
  auto allowed = [&rules](const char* text) {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
      return rules.allows(reinterpret_cast<sockaddr&>(v4));
    REQUIRE(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
    return rules.allows(reinterpret_cast<sockaddr&>(v6));
  };
  for (const char* inner :
       {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "::1", "fe80::1", "fd00::1",
        "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::1", "ff02::1"}) {
    CAPTURE(inner);
    CHECK_FALSE(allowed(inner));
  }
  for (const char* outer :
       {"8.8.8.8", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"}) {
    CAPTURE(outer);
    CHECK(allowed(outer));
  }
}

}  // namespace
}  // namespace penstock::executor
