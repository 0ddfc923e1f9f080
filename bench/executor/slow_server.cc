#include "bench/executor/slow_server.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <deque>

namespace penstock::bench {
namespace {

constexpr int kBacklog = 16'384;

struct Server;

struct Caller {
  uv_tcp_t tcp;
  Server* server;
  unsigned ending = 0;  // how much of the empty line has come
  bool writing = false, closed = false;
};

struct Due {
  uint64_t at_ms;
  Caller* caller;
};

struct Server {
  uv_loop_t loop;
  uv_tcp_t listener;
  uv_timer_t timer;
  uint64_t delay_ms;
  std::string reply;
  std::deque<Due> due;
  std::array<char, 64 * 1024> buffer;
};

void free_caller(Caller* caller) {
  if (caller->closed && !caller->writing) delete caller;
}

// It may still be in the line of those that wait: its memory goes when its turn has come.
void close_caller(Caller* caller) {
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&caller->tcp))) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&caller->tcp), [](uv_handle_t* handle) {
    auto* gone = static_cast<Caller*>(handle->data);
    gone->closed = true;
    free_caller(gone);
  });
}

void answer(Server& server, Caller* caller) {
  if (caller->closed || uv_is_closing(reinterpret_cast<uv_handle_t*>(&caller->tcp))) {
    caller->writing = false;
    return free_caller(caller);
  }
  uv_buf_t bytes = uv_buf_init(server.reply.data(), static_cast<unsigned>(server.reply.size()));
  const int sent = uv_try_write(reinterpret_cast<uv_stream_t*>(&caller->tcp), &bytes, 1);
  caller->writing = false;
  if (sent != static_cast<int>(server.reply.size())) close_caller(caller);
}

void on_timer(uv_timer_t* timer) {
  Server& server = *static_cast<Server*>(timer->data);
  uv_update_time(&server.loop);
  while (!server.due.empty() && server.due.front().at_ms <= uv_now(&server.loop)) {
    answer(server, server.due.front().caller);
    server.due.pop_front();
  }
  if (server.due.empty()) return;
  uv_timer_start(timer, &on_timer, server.due.front().at_ms - uv_now(&server.loop), 0);
}

void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* bytes) {
  auto* caller = static_cast<Caller*>(stream->data);
  if (size < 0) return close_caller(caller);
  static constexpr char kEnd[] = "\r\n\r\n";
  for (ssize_t i = 0; i < size; i++) {
    const char c = bytes->base[i];
    caller->ending = c == kEnd[caller->ending] ? caller->ending + 1 : (c == '\r' ? 1 : 0);
    if (caller->ending < 4) continue;
    caller->ending = 0;
    caller->writing = true;
    Server& server = *caller->server;
    if (server.due.empty()) uv_timer_start(&server.timer, &on_timer, server.delay_ms, 0);
    server.due.push_back({uv_now(&server.loop) + server.delay_ms, caller});
  }
}

void on_connection(uv_stream_t* listener, int status) {
  if (status < 0) return;
  Server& server = *static_cast<Server*>(listener->data);
  auto* caller = new Caller{};
  caller->server = &server;
  uv_tcp_init(&server.loop, &caller->tcp);
  caller->tcp.data = caller;
  if (uv_accept(listener, reinterpret_cast<uv_stream_t*>(&caller->tcp)) != 0)
    return close_caller(caller);
  uv_tcp_nodelay(&caller->tcp, 1);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&caller->tcp),
      [](uv_handle_t* handle, size_t, uv_buf_t* bytes) {
        auto& buffer = static_cast<Caller*>(handle->data)->server->buffer;
        *bytes = uv_buf_init(buffer.data(), static_cast<unsigned>(buffer.size()));
      },
      &on_read);
}

[[noreturn]] void serve(int port_pipe, uint64_t delay_ms, const std::string& answer) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  auto* server = new Server;
  server->delay_ms = delay_ms;
  server->reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                  std::to_string(answer.size()) + "\r\n\r\n" + answer;
  uv_loop_init(&server->loop);
  uv_timer_init(&server->loop, &server->timer);
  uv_tcp_init(&server->loop, &server->listener);
  server->timer.data = server->listener.data = server;
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_bind(&server->listener, reinterpret_cast<sockaddr*>(&address), 0);
  int port = 0, length = sizeof(address);
  if (uv_listen(reinterpret_cast<uv_stream_t*>(&server->listener), kBacklog, &on_connection) == 0 &&
      uv_tcp_getsockname(&server->listener, reinterpret_cast<sockaddr*>(&address), &length) == 0)
    port = ntohs(address.sin_port);
  if (write(port_pipe, &port, sizeof(port)) != sizeof(port)) _exit(1);
  uv_run(&server->loop, UV_RUN_DEFAULT);
  _exit(0);
}

}  // namespace

Result<SlowServer> fork_slow_server(uint64_t delay_ms, const std::string& answer) {
  int ends[2];
  if (pipe(ends) != 0) return Status::io("no pipe for the slow server");
  SlowServer server;
  server.pid = fork();
  if (server.pid == 0) serve(ends[1], delay_ms, answer);
  close(ends[1]);
  const bool told = read(ends[0], &server.port, sizeof(server.port)) == sizeof(server.port);
  close(ends[0]);
  if (server.pid < 0 || !told || server.port == 0) return Status::io("the slow server did not start");
  return server;
}

}  // namespace penstock::bench
