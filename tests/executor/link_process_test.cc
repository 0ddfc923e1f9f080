// The real penstock-executor against a gateway that the test plays, over a Unix socket.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "proto/frame.h"
#include "proto/worker.pb.h"

namespace penstock::executor {
namespace {

constexpr int kPatienceMs = 20'000;

std::string program() {
  char self[PATH_MAX] = "";
  if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) return "";
  return (std::filesystem::path(self).parent_path() / "penstock-executor").string();
}

class FakeGateway {
 public:
  FakeGateway()
      : path_((std::filesystem::temp_directory_path() /
               ("penstock-link-" + std::to_string(getpid()) + ".sock"))
                  .string()) {
    unlink(path_.c_str());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    listen(listener_, 4);
  }
  ~FakeGateway() {
    hang_up();
    close(listener_);
    unlink(path_.c_str());
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {program(), "--connect", "unix:" + path_, "--slots", "5",
                                      "--name",  "x"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child_ = fork();
    if (child_ == 0) {
      execv(argv[0], argv.data());
      _exit(127);
    }
  }
  bool accept_one() {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kPatienceMs) != 1) return false;
    reader_ = FrameReader();
    socket_ = accept(listener_, nullptr, nullptr);
    return socket_ >= 0;
  }
  void send_frame(const worker::Frame& frame) {
    std::string bytes;
    append_frame(frame, bytes);
    REQUIRE(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  // The next frame that says more than that it lives.
  std::optional<worker::Frame> receive() {
    for (;;) {
      auto bytes = reader_.next();
      if (!bytes) return std::nullopt;
      worker::Frame frame;
      if (*bytes) {
        frame.ParseFromArray((*bytes)->data(), static_cast<int>((*bytes)->size()));
        frame.clear_heartbeat();
        if (frame.ByteSizeLong() > 0) return frame;
        continue;
      }
      pollfd ready{socket_, POLLIN, 0};
      char buffer[65536];
      if (poll(&ready, 1, kPatienceMs) != 1) return std::nullopt;
      const ssize_t got = recv(socket_, buffer, sizeof(buffer), 0);
      if (got <= 0) return std::nullopt;
      reader_.feed({buffer, static_cast<size_t>(got)});
    }
  }
  void hang_up() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }
  void signal_child(int number) { kill(child_, number); }
  int exit_code() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  std::string path_;
  int listener_ = -1, socket_ = -1;
  pid_t child_ = -1;
  FrameReader reader_;
};

worker::Frame dispatch(const std::string& tasks) {
  worker::Frame frame;
  worker::Definition& definition = *frame.add_definitions();
  definition.set_name("w");
  definition.set_version(1);
  definition.set_source("document: {dsl: '1.0.3', namespace: n, name: w, version: '1.0.0'}\ndo:\n" +
                        tasks);
  worker::Dispatch& run = *frame.add_dispatches();
  run.set_run(std::string(16, 'r'));
  run.set_fence(3);
  run.set_workflow("w");
  run.set_workflow_version(1);
  run.set_body("{\"n\":1}");
  return frame;
}

TEST_CASE("an executor greets, runs and ends when the gateway is gone") {
  FakeGateway gateway;
  gateway.start();
  REQUIRE(gateway.accept_one());
  const std::optional<worker::Frame> hello = gateway.receive();
  REQUIRE(hello);
  CHECK(hello->hello().protocol() == 1);
  CHECK(hello->hello().slots() == 5);
  CHECK(hello->hello().name() == "x");
  gateway.send_frame(dispatch("- a: {set: {n: '${ .n + 1 }'}}\n"));
  const std::optional<worker::Frame> answer = gateway.receive();
  REQUIRE(answer);
  CHECK(answer->finished(0).outcome().body() == "{\"n\":2}");
  gateway.hang_up();
  CHECK(gateway.exit_code() == 1);
}

TEST_CASE("SIGTERM lets the runs end first") {
  FakeGateway gateway;
  gateway.start();
  REQUIRE(gateway.accept_one());
  REQUIRE(gateway.receive());
  gateway.send_frame(dispatch("- w: {wait: {milliseconds: 400}}\n"));
  usleep(200'000);
  gateway.signal_child(SIGTERM);
  bool drained = false, finished = false;
  while (std::optional<worker::Frame> frame = gateway.receive()) {
    drained |= frame->has_drain();
    finished |= frame->finished_size() == 1;
  }
  CHECK(drained);
  CHECK(finished);
  CHECK(gateway.exit_code() == 0);
}

TEST_CASE("an executor that nobody supervises looks for its gateway again") {
  FakeGateway gateway;
  gateway.start({"--reconnect"});
  REQUIRE(gateway.accept_one());
  REQUIRE(gateway.receive());
  gateway.send_frame(dispatch("- w: {wait: PT4S}\n"));
  gateway.hang_up();
  REQUIRE(gateway.accept_one());
  REQUIRE(gateway.receive());
  gateway.send_frame(dispatch("- a: {set: {fresh: true}}\n"));
  const std::optional<worker::Frame> answer = gateway.receive();
  REQUIRE(answer);
  CHECK(answer->finished(0).outcome().body() == "{\"fresh\":true}");
}

TEST_CASE("an executor that is refused says why and ends") {
  FakeGateway gateway;
  gateway.start();
  REQUIRE(gateway.accept_one());
  REQUIRE(gateway.receive());
  worker::Frame frame;
  frame.mutable_welcome()->set_refused("no");
  gateway.send_frame(frame);
  CHECK(gateway.exit_code() == 1);
}

}  // namespace
}  // namespace penstock::executor
