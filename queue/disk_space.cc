#include "queue/disk_space.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

#include "proto/limits.h"
#include "queue/file.h"

namespace penstock::queue {

static constexpr uint64_t kMarginBytes = 16 * 1024 * 1024;  // so that it does not flap

DiskSpace::DiskSpace(const std::string& folder) : folder_(folder), reserve_(folder + "/reserve") {
  reserved_ = file_exists(reserve_);
  check();
}

void DiskSpace::check() {
  struct statvfs info;
  if (statvfs(folder_.c_str(), &info) != 0) return;  // the write will say what is wrong
  free_bytes_ = uint64_t{info.f_bavail} * info.f_frsize;
  if (free_bytes_ < limits::disk_free_bytes_min) low_ = true;
  else if (free_bytes_ > limits::disk_free_bytes_min + kMarginBytes) low_ = false;
  if (!reserved_ && free_bytes_ > limits::disk_free_bytes_min + limits::disk_reserve_bytes +
                                      kMarginBytes)
    take_reserve();
}

void DiskSpace::take_reserve() {
  auto file = open_file(reserve_, O_RDWR | O_CREAT);
  if (!file) return;
  reserved_ = posix_fallocate(file->fd(), 0, off_t{limits::disk_reserve_bytes}) == 0;
  if (!reserved_) unlink(reserve_.c_str());
}

void DiskSpace::give_up_reserve() {
  unlink(reserve_.c_str());
  reserved_ = false;
  low_ = true;
}

uint64_t DiskSpace::used_bytes() const {
  uint64_t sum = 0;
  std::error_code error;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // files come and go meanwhile
    const uint64_t bytes = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) sum += bytes;
  }
  return sum;
}

}  // namespace penstock::queue
