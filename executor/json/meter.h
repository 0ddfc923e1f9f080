// Counts the bytes that JSON values of this thread hold, so that an evaluation can be stopped
// before it grows past its budget. Each thread has its own count: values never cross threads.
//
// Limitations: a value released on another thread than its maker's would skew both counts.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penstock::json {

/// Bytes of nodes and documents alive on this thread.
int64_t live_bytes();

namespace detail {
/// Adds to (or, negative, takes from) the thread's count.
void meter(int64_t bytes);
}  // namespace detail

}  // namespace penstock::json
