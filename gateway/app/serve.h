// `penstock serve`: builds the parts, runs the loop, drains and ends.
#pragma once

#include "gateway/config/config.h"
#include "gateway/log/log.h"

namespace penstock::gateway {

/// Runs until SIGTERM or SIGINT. 0: drained and flushed; 1: could not start, or the store failed.
int serve(const Config& config, Logger& log);

}  // namespace penstock::gateway
