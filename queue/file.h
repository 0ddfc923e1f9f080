// Small helpers over file descriptors for the few files the queue writes itself.
// Errors become Status here; ENOSPC becomes kFull. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::queue {

/// Owns a file descriptor.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  ~File() { close(); }
  File(File&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  File& operator=(File&& other) noexcept;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

/// A fault that says what was tried on which file, and errno's reason.
Status system_fault(std::string_view what, const std::string& path, int error);
/// Opens with O_CLOEXEC, mode 0600 when it creates.
Result<File> open_file(const std::string& path, int flags);
/// Makes a new or renamed entry of the folder safe from a power cut.
Status sync_folder(const std::string& path);
Status make_folder(const std::string& path);
bool file_exists(const std::string& path);

}  // namespace penstock::queue
