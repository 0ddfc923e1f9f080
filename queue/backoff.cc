#include "queue/backoff.h"

#include <algorithm>

namespace penstock::queue {

uint64_t Backoff::delay_ms(uint32_t attempts) {
  uint64_t whole = first_ms_;
  for (uint32_t i = 1; i < attempts && whole < max_ms_; i++) whole *= 2;
  whole = std::min(whole, max_ms_);
  return whole - std::uniform_int_distribution<uint64_t>(0, whole / 2)(random_);
}

}  // namespace penstock::queue
