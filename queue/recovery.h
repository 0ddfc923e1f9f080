// What the loop needs of the store to go on where an earlier life ended: the position and the live
// runs. Time is proportional to the live runs, not to the backlog nor to what is stored.
// Blocks; for start-up.
#pragma once

#include "queue/queue.h"
#include "queue/store.h"

namespace penstock::queue {

/// Faults: kCorrupt when something is damaged or does not add up, and what.
Result<Recovered> recover(const Store& store);

}  // namespace penstock::queue
