#include "executor/jq/sandbox/channel.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace penstock::jq {
namespace {

using Clock = std::chrono::steady_clock;

/// What is left of a timeout.
class Deadline {
 public:
  explicit Deadline(int timeout_ms)
      : ever_(timeout_ms == wait_for_ever),
        end_(Clock::now() + std::chrono::milliseconds(timeout_ms)) {}
  int left_ms() const {
    if (ever_) return wait_for_ever;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
  }

 private:
  bool ever_;
  Clock::time_point end_;
};

Status wait(int fd, short events, const Deadline& deadline) {
  for (;;) {
    pollfd one = {fd, events, 0};
    const int ready = poll(&one, 1, deadline.left_ms());
    if (ready > 0) return {};
    if (ready == 0) return Status::timeout("no answer in time");
    if (errno != EINTR) return Status::io(std::strerror(errno));
  }
}

Status write_all(int fd, const char* bytes, size_t count, const Deadline& deadline) {
  while (count > 0) {
    PENSTOCK_TRY(wait(fd, POLLOUT, deadline));
    const ssize_t written = write(fd, bytes, count);
    if (written < 0 && errno != EINTR && errno != EAGAIN) return Status::io(std::strerror(errno));
    if (written <= 0) continue;
    bytes += written;
    count -= static_cast<size_t>(written);
  }
  return {};
}

Status read_all(int fd, char* bytes, size_t count, const Deadline& deadline) {
  while (count > 0) {
    PENSTOCK_TRY(wait(fd, POLLIN, deadline));
    const ssize_t got = read(fd, bytes, count);
    if (got == 0) return Status::io("the other side is gone");
    if (got < 0 && errno != EINTR && errno != EAGAIN) return Status::io(std::strerror(errno));
    if (got < 0) continue;
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return {};
}

}  // namespace

Status send_message(int fd, std::string_view message, int timeout_ms) {
  const Deadline deadline(timeout_ms);
  const auto length = static_cast<uint32_t>(message.size());
  char head[sizeof length];
  std::memcpy(head, &length, sizeof length);
  PENSTOCK_TRY(write_all(fd, head, sizeof head, deadline));
  return write_all(fd, message.data(), message.size(), deadline);
}

Result<std::string> receive_message(int fd, size_t bytes_max, int timeout_ms) {
  const Deadline deadline(timeout_ms);
  uint32_t length = 0;
  char head[sizeof length];
  if (const Status status = read_all(fd, head, sizeof head, deadline); !status) return status;
  std::memcpy(&length, head, sizeof length);
  if (length > bytes_max) return Status::full("an answer of " + std::to_string(length) + " bytes");
  std::string message(length, '\0');
  if (const Status status = read_all(fd, message.data(), length, deadline); !status) return status;
  return message;
}

}  // namespace penstock::jq
