// Reads the spilled backlog forward: the events of a range of ids that are neither samples nor
// ended nor live. Bounded per call. Any thread.
#pragma once

#include "queue/reads.h"

namespace penstock::queue {

RefillAnswer scan_backlog(const View& view, const Refill& job);

}  // namespace penstock::queue
