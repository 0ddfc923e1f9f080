#include "bench/executor/drive.h"

#include <google/protobuf/arena.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "bench/stats/process.h"
#include "proto/frame.h"
#include "proto/worker.pb.h"

namespace penstock::bench {
namespace {

constexpr int kWakeMs = 5;
constexpr uint64_t kStartMs = 10'000;

uint64_t now_ns() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

class Driver {
 public:
  explicit Driver(const DrivePlan& plan) : plan_(plan) {}
  ~Driver() {
    if (socket_ >= 0) close(socket_);
    if (listener_ >= 0) close(listener_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    unlink(path_.c_str());
  }

  Status start();
  Status load();
  DriveFigures take() { return std::move(figures_); }

 private:
  Status await_hello();
  void welcome();
  void dispatch(uint32_t count);
  void on_frame(const worker::Frame& frame, uint64_t now);
  Status exchange();
  bool flush();
  Status receive();
  void note_memory();

  const DrivePlan& plan_;
  DriveFigures figures_;
  std::string path_;
  int listener_ = -1, socket_ = -1;
  pid_t pid_ = 0;
  FrameReader reader_;
  std::string out_;
  size_t sent_ = 0;
  uint64_t begun_ = 0, over_ = 0;
  uint32_t wanted_ = 0;  ///< how many are to be under way now
  bool greeted_ = false, measuring_ = false;
};

Status Driver::start() {
  char folder[] = "/tmp/penstock-bench-XXXXXX";
  if (!mkdtemp(folder)) return Status::io("no folder for the socket");
  path_ = std::string(folder) + "/s";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 1) != 0)
    return Status::io("cannot listen on " + path_);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string connect = "unix:" + path_, slots = std::to_string(plan_.in_flight);
    execl(plan_.executor.c_str(), "penstock-executor", "--connect", connect.c_str(), "--slots",
          slots.c_str(), "--allow-egress", "127.0.0.0/8", nullptr);
    _exit(127);
  }
  pollfd waits{listener_, POLLIN, 0};
  if (poll(&waits, 1, static_cast<int>(kStartMs)) != 1)
    return Status::unavailable("the executor did not start: " + plan_.executor);
  socket_ = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  rmdir(folder);  // once the socket is gone too, at the end
  return await_hello();
}

Status Driver::await_hello() {
  const uint64_t end = now_ns() + kStartMs * 1'000'000;
  while (!greeted_) {
    PENSTOCK_TRY(exchange());
    if (now_ns() > end) return Status::unavailable("the executor did not say hello");
  }
  const auto use = read_process(pid_);
  figures_.rss_before = use ? use->rss_bytes : 0;
  return Status();
}

void Driver::welcome() {
  worker::Frame frame;
  frame.mutable_welcome()->set_worker(1);
  frame.mutable_welcome()->set_heartbeat_ms(1000);
  frame.mutable_welcome()->set_lease_ms(10'000);
  worker::Definition& definition = *frame.add_definitions();
  definition.set_name("bench");
  definition.set_version(1);
  definition.set_source(plan_.source);
  append_frame(frame, out_);
  greeted_ = true;
}

// A run's id says when it began.
void Driver::dispatch(uint32_t count) {
  if (count == 0) return;
  google::protobuf::Arena arena;
  auto* frame = google::protobuf::Arena::CreateMessage<worker::Frame>(&arena);
  const uint64_t now = now_ns();
  for (uint32_t i = 0; i < count; i++) {
    char id[16];
    const uint64_t number = begun_++;
    std::memcpy(id, &now, 8);
    std::memcpy(id + 8, &number, 8);
    worker::Dispatch& one = *frame->add_dispatches();
    one.set_run(id, sizeof(id));
    one.set_fence(number + 1);
    one.set_attempt(1);
    one.set_workflow("bench");
    one.set_workflow_version(1);
    one.set_body(plan_.body);
  }
  append_frame(*frame, out_);
}

void Driver::on_frame(const worker::Frame& frame, uint64_t now) {
  if (frame.has_hello()) welcome();
  for (const worker::Finished& finished : frame.finished()) {
    over_++;
    uint64_t began = 0;
    std::memcpy(&began, finished.run().data(), sizeof(began));
    if (finished.outcome().status() != records::SUCCEEDED) {
      if (figures_.failed++ == 0) figures_.first_error = finished.outcome().error().detail();
    } else if (measuring_) {
      figures_.ended++;
      figures_.run_ns.record(now - began);
    }
  }
  if (frame.appends_size() == 0) return;
  worker::Frame stored;
  for (const worker::JournalAppend& append : frame.appends()) {
    worker::JournalStored& one = *stored.add_stored();
    one.set_run(append.run());
    one.set_fence(append.fence());
    one.set_sequence(append.sequence());
  }
  append_frame(stored, out_);
}

// False: the executor is gone.
bool Driver::flush() {
  while (sent_ < out_.size()) {
    const ssize_t sent = send(socket_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    sent_ += static_cast<size_t>(sent);
  }
  out_.clear();
  sent_ = 0;
  return true;
}

Status Driver::receive() {
  static char buffer[1 << 18];
  for (;;) {
    const ssize_t size = read(socket_, buffer, sizeof(buffer));
    if (size == 0) return Status::unavailable("the executor ended");
    if (size < 0) break;
    reader_.feed({buffer, static_cast<size_t>(size)});
    if (size < static_cast<ssize_t>(sizeof(buffer))) break;
  }
  google::protobuf::Arena arena;
  const uint64_t now = now_ns();
  for (;;) {
    auto bytes = reader_.next();
    if (!bytes) return bytes.status();
    if (!*bytes) return Status();
    auto* frame = google::protobuf::Arena::CreateMessage<worker::Frame>(&arena);
    if (!frame->ParseFromArray((*bytes)->data(), static_cast<int>((*bytes)->size())))
      return Status::corrupt("the executor sent something that is no frame");
    on_frame(*frame, now);
  }
}

Status Driver::exchange() {
  const uint64_t under_way = begun_ - over_;
  // A few at a time are worth a frame, as a gateway's loop would gather them.
  const uint64_t gap = wanted_ > under_way ? wanted_ - under_way : 0;
  if (gap > 0) dispatch(static_cast<uint32_t>(gap));
  if (!flush()) return Status::unavailable("the executor is gone");
  pollfd waits{socket_, static_cast<short>(POLLIN | (out_.empty() ? 0 : POLLOUT)), 0};
  poll(&waits, 1, kWakeMs);
  return (waits.revents & (POLLIN | POLLHUP)) ? receive() : Status();
}

void Driver::note_memory() {
  const auto use = read_process(pid_);
  if (use) figures_.rss_most = std::max(figures_.rss_most, use->rss_bytes);
}

Status Driver::load() {
  const uint64_t begin = now_ns(), ms = 1'000'000;
  const uint64_t from = begin + (plan_.ramp_ms + plan_.warm_ms) * ms;
  const uint64_t end = from + plan_.measured_ms * ms;
  uint64_t memory_at = begin, cpu_before = 0;
  for (uint64_t now = begin; now < end; now = now_ns()) {
    const uint64_t ramped = plan_.ramp_ms ? (now - begin) * plan_.in_flight / (plan_.ramp_ms * ms)
                                          : plan_.in_flight;
    wanted_ = static_cast<uint32_t>(std::min<uint64_t>(ramped, plan_.in_flight));
    if (!measuring_ && now >= from) {
      measuring_ = true;
      if (const auto use = read_process(pid_)) cpu_before = use->cpu_us;
    }
    if (now >= memory_at) {
      note_memory();
      memory_at = now + 50 * ms;
    }
    PENSTOCK_TRY(exchange());
  }
  figures_.seconds = static_cast<double>(now_ns() - from) / 1e9;
  const auto use = read_process(pid_);
  if (use && figures_.ended)
    figures_.cpu_us_each =
        static_cast<double>(use->cpu_us - cpu_before) / static_cast<double>(figures_.ended);
  return Status();
}

}  // namespace

Result<DriveFigures> drive(const DrivePlan& plan) {
  Driver driver(plan);
  PENSTOCK_TRY(driver.start());
  PENSTOCK_TRY(driver.load());
  return driver.take();
}

}  // namespace penstock::bench
