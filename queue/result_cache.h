// The results of the latest runs, so that a caller who polls right after the end costs no read.
// Bounded by bytes, the oldest go first. One thread.
#pragma once

#include <deque>

#include "queue/id_map.h"
#include "queue/types.h"

namespace penstock::queue {

class ResultCache {
 public:
  explicit ResultCache(size_t bytes_max) : bytes_max_(bytes_max) {}
  void add(Id id, ResultPtr result);
  ResultPtr find(Id id) const;

 private:
  size_t bytes_max_;
  size_t bytes_ = 0;
  IdMap<ResultPtr> results_;
  std::deque<Id> order_;
};

}  // namespace penstock::queue
