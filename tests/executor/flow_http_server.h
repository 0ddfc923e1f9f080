// A small HTTP/1.1 server for tests: a thread a connection, an answer from a function. Keeps
// connections alive, notes every request. Loopback only.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace penstock::executor {

class StubServer {
 public:
  struct Request {
    std::string line;  ///< "GET /path HTTP/1.1"
    std::string head;  ///< the whole head
    std::string body;
    bool has(const std::string& text) const { return head.find(text) != std::string::npos; }
  };
  /// Gives the whole answer, status line and all; runs on a connection's thread.
  using Handler = std::function<std::string(const Request&)>;

  explicit StubServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    listen(listener_, 128);
    socklen_t size = sizeof(address);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~StubServer() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    {
      std::lock_guard lock(mutex_);
      for (int socket : sockets_) shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int port() const { return port_; }
  size_t connections() const { return connections_; }
  std::vector<Request> requests() {
    std::lock_guard lock(mutex_);
    return requests_;
  }

  static std::string answer(const std::string& status, const std::string& body,
                            const std::string& headers = "Content-Type: application/json\r\n") {
    return "HTTP/1.1 " + status + "\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  void accept_all() {
    for (;;) {
      const int socket = accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      connections_++;
      std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket] { serve(socket); });
    }
  }
  void serve(int socket) {
    std::string input;
    for (;;) {
      const size_t end = input.find("\r\n\r\n");
      const size_t size = end == input.npos ? 0 : content_length(input.substr(0, end));
      if (end == input.npos || input.size() < end + 4 + size) {
        char bytes[16384];
        const ssize_t got = recv(socket, bytes, sizeof(bytes), 0);
        if (got <= 0) break;
        input.append(bytes, static_cast<size_t>(got));
        continue;
      }
      Request request{input.substr(0, input.find("\r\n")), input.substr(0, end + 2),
                      input.substr(end + 4, size)};
      input.erase(0, end + 4 + size);
      {
        std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string reply = handler_(request);
      if (reply.empty() || send(socket, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) break;
    }
    shutdown(socket, SHUT_RDWR);
  }
  static size_t content_length(const std::string& head) {
    const size_t at = head.find("Content-Length: ");
    return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
  }

  Handler handler_;
  int listener_ = -1, port_ = 0;
  std::atomic<size_t> connections_ = 0;
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace penstock::executor
