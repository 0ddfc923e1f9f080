// Which run each event became: the id that its 2xx named, by sequence number. 16 bytes an event, so
// ten million fit in 160 MB.
//
// Lifecycle: one a run. One thread. Limitations: sequence numbers are dense, from 1.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "proto/id.h"

namespace penstock::bench {

class Ledger {
 public:
  static constexpr uint64_t events_max = 1'000'000'000;

  /// A number for the next `count` events; the first of them.
  uint64_t take(size_t count);
  /// Notes the run of an event; the first one named for it is kept.
  void put(uint64_t seq, const Id& run);
  /// Zero: none is known.
  Id run(uint64_t seq) const;
  uint64_t issued() const { return issued_; }
  uint64_t known() const { return known_; }
  /// How often a second, different run was named for an event.
  uint64_t doubled() const { return doubled_; }
  /// Runs that were named for more than one event.
  uint64_t shared_runs() const;

 private:
  static constexpr size_t kPage = 64 * 1024;
  using Page = std::array<Id, kPage>;
  Id& slot(uint64_t seq);

  std::vector<std::unique_ptr<Page>> pages_;  // never moved: growing copies nothing
  uint64_t issued_ = 0;
  uint64_t known_ = 0;
  uint64_t doubled_ = 0;
};

}  // namespace penstock::bench
