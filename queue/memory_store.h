// The engine that forgets: sorted maps behind a lock. For tests and for benchmarks of all but the
// disk. Any thread; a view holds off writers while it lives, so keep views short.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <shared_mutex>

#include "queue/store.h"

namespace penstock::queue {

class MemoryStore final : public Store {
 public:
  using Keys = std::map<std::string, std::string, std::less<>>;

  Status write(const WriteSet& set, Sync sync) override;
  std::unique_ptr<View> view() const override;
  Result<uint64_t> heal() override;
  Status tick() override { return {}; }
  bool writable() const override { return true; }
  uint64_t disk_bytes() const override { return 0; }

  /// For tests that damage what is stored.
  Keys& keys(Family family) { return families_[static_cast<size_t>(family)]; }

 private:
  mutable std::shared_mutex mutex_;
  std::array<Keys, family_count> families_;
  uint64_t sequence_ = 0;
};

}  // namespace penstock::queue
