// How much room the data folder has, and a file that holds some back: when the disk is full after
// all, it is given up, so that what was promised can still be finished.
// Thread: the commit thread's.
#pragma once

#include <cstdint>
#include <string>

#include "proto/status.h"

namespace penstock::queue {

class DiskSpace {
 public:
  explicit DiskSpace(const std::string& folder);

  /// Measures, and takes the reserve (back) when there is plenty of room.
  void check();
  /// True while new events must be refused to keep room for finishing.
  bool low() const { return low_; }
  uint64_t free_bytes() const { return free_bytes_; }
  void give_up_reserve();
  /// What the files in the folder take.
  uint64_t used_bytes() const;

 private:
  void take_reserve();

  std::string folder_, reserve_;
  uint64_t free_bytes_ = 0;
  bool reserved_ = false;
  bool low_ = false;
};

}  // namespace penstock::queue
