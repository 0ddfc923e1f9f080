// The runs that are ready, in the order in which they begin: by priority, and in line within one.
// Priority 0, which nearly all have, costs no more than a list. One thread.
#pragma once

#include <functional>
#include <map>

#include "queue/run.h"

namespace penstock::queue {

class ReadyLine {
 public:
  size_t size() const { return size_; }
  /// Of these, with a priority.
  size_t urgent() const { return urgent_; }
  Run* front() const { return above_.empty() ? usual_.front() : above_.begin()->second.front(); }
  void push_back(Run& run) { entered(run).push_back(run); }
  void push_front(Run& run) { entered(run).push_front(run); }
  void remove(Run& run) {
    const uint32_t priority = run.labels.priority();
    size_--;
    if (priority == 0) return usual_.remove(run);
    urgent_--;
    const auto list = above_.find(priority);
    list->second.remove(run);
    if (list->second.empty()) above_.erase(list);
  }

 private:
  using List = LinkedList<Run, &Run::line>;
  List& entered(const Run& run) {
    const uint32_t priority = run.labels.priority();
    size_++;
    if (priority == 0) return usual_;
    urgent_++;
    return above_[priority];
  }

  List usual_;
  std::map<uint32_t, List, std::greater<>> above_;  ///< none of them empty
  size_t size_ = 0, urgent_ = 0;
};

}  // namespace penstock::queue
