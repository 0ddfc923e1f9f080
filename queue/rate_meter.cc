#include "queue/rate_meter.h"

#include <algorithm>

namespace penstock::queue {

void RateMeter::update(uint64_t total, uint64_t now_ms) {
  const size_t newest = (at_ + kSeconds - 1) % kSeconds;
  if (filled_ > 0 && now_ms < times_ms_[newest] + 1000) return;
  const size_t oldest = filled_ < kSeconds ? 0 : at_;
  if (filled_ > 0 && now_ms > times_ms_[oldest])
    rate_ = static_cast<double>(total - totals_[oldest]) * 1000 /
            static_cast<double>(now_ms - times_ms_[oldest]);
  totals_[at_] = total;
  times_ms_[at_] = now_ms;
  at_ = (at_ + 1) % kSeconds;
  filled_ = std::min(filled_ + 1, kSeconds);
}

}  // namespace penstock::queue
