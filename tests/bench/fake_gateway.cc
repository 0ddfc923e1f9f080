#include "tests/bench/fake_gateway.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace penstock::bench {

FakeGateway::FakeGateway(const Faults& faults)
    : faults_(faults), ids_(clock_), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 128) != 0)
    std::abort();
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread(&FakeGateway::serve, this);
}

FakeGateway::~FakeGateway() {
  stop_ = true;
  thread_.join();
  for (const Peer& peer : peers_) close(peer.socket);
  close(listener_);
}

void FakeGateway::serve() {
  while (!stop_) {
    std::vector<pollfd> waits = {{listener_, POLLIN, 0}};
    for (const Peer& peer : peers_) waits.push_back({peer.socket, POLLIN, 0});
    if (poll(waits.data(), waits.size(), 20) <= 0) continue;
    for (size_t i = waits.size() - 1; i > 0; i--) {
      if (!waits[i].revents || read_from(peers_[i - 1])) continue;
      close(peers_[i - 1].socket);
      peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(i) - 1);
    }
    if (waits[0].revents) peers_.push_back({accept(listener_, nullptr, nullptr), ""});
  }
}

/// False: the connection is over.
bool FakeGateway::read_from(Peer& peer) {
  char buffer[64 * 1024];
  const ssize_t size = recv(peer.socket, buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  peer.in.append(buffer, static_cast<size_t>(size));
  while (true) {
    const size_t end = peer.in.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    const std::string head = peer.in.substr(0, end + 2);
    const size_t length_at = head.find("Content-Length: ");
    const size_t length = length_at == std::string::npos
                              ? 0
                              : std::strtoul(head.c_str() + length_at + 16, nullptr, 10);
    if (peer.in.size() < end + 4 + length) return true;
    const std::string body = peer.in.substr(end + 4, length);
    peer.in.erase(0, end + 4 + length);
    if (!answer(peer, head, body)) return false;
  }
}

bool FakeGateway::answer(Peer& peer, const std::string& head, const std::string& body) {
  bool hang_up = false;
  const std::string path = head.substr(head.find(' ') + 1, head.find(" HTTP") - head.find(' ') - 1);
  const std::string out = head.starts_with("POST") ? post(body, hang_up) : get(path);
  if (hang_up) return false;
  return send(peer.socket, out.data(), out.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(out.size());
}

static std::string response(const std::string& status, const std::string& fields,
                            const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string FakeGateway::post(const std::string& body, bool& hang_up) {
  posts_++;
  if (faults_.answer_after_us) usleep(static_cast<useconds_t>(faults_.answer_after_us));
  if (each(faults_.refuse_each))
    return response("503 Service Unavailable", "Retry-After: 1\r\n", "");
  const bool repeat = each(faults_.repeat_each) && !last_.empty();
  const std::string id = repeat ? last_ : ids_.next().text();
  if (!each(faults_.forget_each)) runs_[id] = Run{body, 0, each(faults_.never_end_each)};
  kept_++;
  last_ = id;
  hang_up = each(faults_.hang_up_each);
  return response("202 Accepted", "Location: /v1/runs/" + id + "\r\n", R"({"id":")" + id + R"("})");
}

std::string FakeGateway::get(const std::string& path) {
  const std::string id = path.substr(9, 36);
  const auto at = runs_.find(id);
  if (at == runs_.end()) return response("404 Not Found", "", "");
  Run& run = at->second;
  const bool ended = !run.endless && run.looks++ >= faults_.looks_to_end;
  if (path.find("/events") != std::string::npos)
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nevent: "
           "delta\n\nev\r\n20\r\nent: result\ndata: {}"
           "\n\n: the end\n\r\n0\r\n\r\n";
  if (path.find("/result") != std::string::npos)
    return ended ? response("200 OK", "", faults_.wrong_echo ? "{}" : run.body)
                 : response("202 Accepted", "", "");
  return response("200 OK", "",
                  R"({"id":")" + id + R"(","status":")" + (ended ? "succeeded" : "running") +
                      R"(","attempts":1})");
}

}  // namespace penstock::bench
