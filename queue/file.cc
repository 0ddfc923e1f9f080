#include "queue/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace penstock::queue {

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

void File::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Status system_fault(std::string_view what, const std::string& path, int error) {
  std::string message = "cannot " + std::string(what) + " " + path + ": " + strerror(error);
  return error == ENOSPC ? Status::full(std::move(message)) : Status::io(std::move(message));
}

Result<File> open_file(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return system_fault("open", path, errno);
  return File(fd);
}

Status sync_folder(const std::string& path) {
  auto folder = open_file(path, O_RDONLY | O_DIRECTORY);
  if (!folder) return folder.status();
  if (fsync(folder->fd()) != 0) return system_fault("sync", path, errno);
  return {};
}

Status make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? system_fault("create", path, error.value()) : Status();
}

bool file_exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace penstock::queue
