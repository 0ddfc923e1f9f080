// Finds what has outlived its retention, as ranges of ids to forget: results by the time the run
// finished, events (whole packs) and journals by the time they came in. Of a result that its
// trigger lets expire earlier, how the run ended stays for the gateway's time. Never an unended
// run: only below the low water, and around the live ones. Bounded per sweep. Any thread.
#pragma once

#include "queue/reads.h"

namespace penstock::queue {

SweepAnswer sweep_retention(const View& view, const SweepRetention& job);

}  // namespace penstock::queue
