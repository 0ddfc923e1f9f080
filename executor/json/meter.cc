#include "executor/json/meter.h"

namespace penstock::json {
namespace {
// As malloc's own statistics are: handing a counter to every copy of a value would cost more than
// the copy does.
thread_local int64_t live = 0;
}  // namespace

int64_t live_bytes() {
  return live;
}

void detail::meter(int64_t bytes) {
  live += bytes;
}

}  // namespace penstock::json
