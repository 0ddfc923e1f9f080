#include "tests/http/world.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace penstock::gateway::test {

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

BodyPlan EchoHandler::on_head(const RequestHead& head) {
  if (head.path == "/refuse") return {0, problem(Code::kUnknownTrigger, "no such trigger")};
  return {head.path == "/small" ? 8u : 64u * 1024, {}};
}

void EchoHandler::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  std::string text(head.method_text);
  text.append(" ").append(head.path);
  if (!head.query.empty()) text.append("?").append(head.query);
  if (!body.empty()) text.append(" ").append(body.view());
  requests.push_back(text);
  if (head.path.starts_with("/hold")) {
    held.push_back(exchange);
    return;
  }
  Response response;
  response.content_type = "application/octet-stream";
  response.body = body.view();
  server->respond(exchange, std::move(response));
}

World::World(ServerLimits limits, std::optional<TlsFiles> tls) {
  std::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(&loop);
  server = Server::create(&loop, limits);
  handler.server = server.get();
  ListenOptions options;
  options.host = "127.0.0.1";
  options.tls = tls;
  const Status listening = server->listen(options, handler);
  REQUIRE_MESSAGE(listening.ok(), listening.message());
  port = server->bound_port(0);
}

World::~World() {
  server->close();
  uv_run(&loop, UV_RUN_DEFAULT);
  server.reset();
  CHECK(uv_loop_close(&loop) == 0);
}

void World::turn(int times) {
  for (int i = 0; i < times; i++) uv_run(&loop, UV_RUN_NOWAIT);
}

bool World::turn_until(const std::function<bool()>& done) {
  const uint64_t give_up = uv_hrtime() + 2'000'000'000;
  while (!done()) {
    if (uv_hrtime() > give_up) return false;
    turn(2);
  }
  return true;
}

Client::Client(World& world, int receive_buffer_bytes) : world_(world) {
  fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
  if (receive_buffer_bytes > 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(int));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(world.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) break;  // the server has closed: the test looks at the answer
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
    if (!bytes.empty()) receive();
    if (!bytes.empty() && ended_) break;
    if (!bytes.empty()) world_.turn(1);
  }
  world_.turn();
}

void Client::receive() {
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) ended_ = true;
    if (got <= 0) return;
    received_.append(buffer, static_cast<size_t>(got));
  }
}

std::string Client::take() {
  receive();
  return std::exchange(received_, std::string());
}

std::string Client::take_until(std::string_view text) {
  world_.turn_until([this, text] {
    receive();
    return ended_ || received_.find(text) != received_.npos;
  });
  return std::exchange(received_, std::string());
}

bool Client::has_ended() {
  receive();
  return ended_;
}

bool Client::ended() {
  return world_.turn_until([this] { return has_ended(); });
}

void Client::end() {
  ::shutdown(fd_, SHUT_WR);
  world_.turn();
}

void Client::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close();
}

void Client::close() {
  if (fd_ < 0) return;
  ::close(std::exchange(fd_, -1));
  world_.turn();
}

}  // namespace penstock::gateway::test
