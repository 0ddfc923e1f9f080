// The world of these tests: a server with a small application on a loop, and clients that speak raw
// bytes to it over real sockets. All on one thread; turn() lets the server work.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/server.h"

namespace penstock::gateway::test {

inline constexpr std::string_view kGet = "GET /e HTTP/1.1\r\nHost: a\r\n\r\n";
inline constexpr std::string_view kHold = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";

/// A 200 with that body.
Response text(std::string body);
/// How often `piece` stands in `text`.
size_t count(const std::string& text, std::string_view piece);

/// The application. Its paths:
///   /refuse        on_head answers 404 unknown_trigger
///   /small         bodies up to 8 bytes
///   /hold…         answered when the test says so
///   anything else  200 with the request's body, bodies up to 64 KiB
class EchoHandler : public Handler {
 public:
  BodyPlan on_head(const RequestHead& head) override;
  void on_request(ExchangeId exchange, const RequestHead& head, Body body) override;
  void on_gone(ExchangeId exchange) override { gone.push_back(exchange); }
  void on_half_closed(ExchangeId exchange) override { half_closed.push_back(exchange); }

  Server* server = nullptr;
  std::vector<std::string> requests;  ///< "METHOD target body" in order
  std::vector<ExchangeId> held;       ///< of /hold…
  std::vector<ExchangeId> gone;
  std::vector<ExchangeId> half_closed;
};

class World {
 public:
  explicit World(ServerLimits limits = {}, std::optional<TlsFiles> tls = std::nullopt);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Lets the server do what it can without waiting.
  void turn(int times = 3);
  /// Turns until `done` or two seconds have passed; whether it was done.
  bool turn_until(const std::function<bool()>& done);

  uv_loop_t loop;
  EchoHandler handler;
  std::unique_ptr<Server> server;
  uint16_t port = 0;
};

/// A client's socket, non-blocking.
class Client {
 public:
  explicit Client(World& world, int receive_buffer_bytes = 0);
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends and lets the server work.
  void send(std::string_view bytes);
  /// What the server has sent since the last take().
  std::string take();
  /// Waits until that contains `text` (or the connection ends); returns all of it.
  std::string take_until(std::string_view text);
  /// Waits for the server to end its side; false: it does not within two seconds.
  bool ended();
  /// Whether it has ended so far.
  bool has_ended();
  /// Ends this side (FIN).
  void end();
  /// Closes so that the server sees a reset.
  void reset();
  void close();
  int fd() const { return fd_; }

 private:
  void receive();

  World& world_;
  int fd_ = -1;
  std::string received_;
  bool ended_ = false;
};

}  // namespace penstock::gateway::test
