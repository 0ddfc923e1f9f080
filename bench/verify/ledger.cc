#include "bench/verify/ledger.h"

#include <algorithm>

namespace penstock::bench {

uint64_t Ledger::take(size_t count) {
  const uint64_t first = issued_ + 1;
  issued_ += count;
  return first;
}

Id& Ledger::slot(uint64_t seq) {
  const size_t page = (seq - 1) / kPage;
  while (pages_.size() <= page) pages_.push_back(nullptr);
  if (!pages_[page]) pages_[page] = std::make_unique<Page>();
  return (*pages_[page])[(seq - 1) % kPage];
}

void Ledger::put(uint64_t seq, const Id& run) {
  if (seq == 0 || seq > events_max || run.is_zero()) return;
  issued_ = std::max(issued_, seq);
  Id& known = slot(seq);
  if (known.is_zero()) {
    known = run;
    known_++;
  } else if (known != run) {
    doubled_++;
  }
}

Id Ledger::run(uint64_t seq) const {
  const size_t page = (seq - 1) / kPage;
  if (seq == 0 || page >= pages_.size() || !pages_[page]) return Id();
  return (*pages_[page])[(seq - 1) % kPage];
}

uint64_t Ledger::shared_runs() const {
  std::vector<Id> runs;
  runs.reserve(known_);
  for (uint64_t seq = 1; seq <= issued_; seq++)
    if (const Id id = run(seq); !id.is_zero()) runs.push_back(id);
  std::sort(runs.begin(), runs.end());
  uint64_t shared = 0;
  for (size_t i = 1; i < runs.size(); i++) shared += runs[i] == runs[i - 1];
  return shared;
}

}  // namespace penstock::bench
