// All unended runs by id. A run stays where it is in memory until it is erased, so lists and
// pointers may refer to it. One thread.
#pragma once

#include <deque>
#include <vector>

#include "queue/id_map.h"
#include "queue/run.h"

namespace penstock::queue {

class RunTable {
 public:
  /// A fresh run under an id that is not there yet.
  Run& add(Id id) {
    if (free_.empty()) free_.push_back(&pool_.emplace_back());
    Run& run = *free_.back();
    free_.pop_back();
    run.id = id;
    runs_.insert(id, &run);
    return run;
  }
  Run* find(Id id) const {
    Run* const* found = runs_.find(id);
    return found ? *found : nullptr;
  }
  /// The run must be in no list.
  void erase(Id id) {
    Run* run = find(id);
    if (!run) return;
    runs_.erase(id);
    *run = Run();
    free_.push_back(run);
  }

 private:
  IdMap<Run*> runs_;
  std::deque<Run> pool_;   // never shrinks: what was needed once is needed again
  std::vector<Run*> free_;
};

}  // namespace penstock::queue
