// How long the disk takes to make 4 KB durable: the floor under every durable ack. Blocks for about
// the time asked for; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "bench/stats/histogram.h"
#include "proto/status.h"

namespace penstock::bench {

/// Appends 4 KB and fdatasyncs, over and over for `ms`, in a file of its own in `folder`, which is
/// deleted again. Nanoseconds each.
Result<Histogram> probe_fsync(const std::string& folder, uint64_t ms);

}  // namespace penstock::bench
