#include "queue/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace penstock::queue {

Result<FolderLock> FolderLock::take(const std::string& folder) {
  const std::string path = folder + "/lock";
  auto file = open_file(path, O_RDWR | O_CREAT);
  if (!file) return file.status();
  FolderLock lock;
  lock.file_ = *std::move(file);
  if (flock(lock.file_.fd(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return system_fault("lock", path, errno);
  return Status::unavailable("another process uses the data folder " + folder);
}

}  // namespace penstock::queue
