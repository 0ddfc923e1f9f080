// Pages of events, newest first, joined with what became of them. Bounded by the events looked at.
// Any thread. Limitations: filters read every event's metadata on the way; there is no index.
#pragma once

#include "queue/reads.h"

namespace penstock::queue {

ListAnswer list_events(const View& view, const ReadList& job);

}  // namespace penstock::queue
