// One process per data folder: an flock that dies with its process.
#pragma once

#include <string>

#include "queue/file.h"

namespace penstock::queue {

class FolderLock {
 public:
  /// kUnavailable when another process holds the folder.
  static Result<FolderLock> take(const std::string& folder);

 private:
  File file_;
};

}  // namespace penstock::queue
