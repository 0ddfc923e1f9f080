// The filters of `event list` and `run list`, and pages of events newest first.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/command.h"
#include "gateway/cli/session.h"

namespace penstock::gateway {

struct EventQuery {
  std::string trigger, status, since, tag, limit = "50";

  void add_to(Command& command);
  /// ?trigger=…&limit=…, percent-encoded. Fault: a flag's value makes no sense.
  Result<std::string> text(uint64_t now_ms) const;
};

/// The table of a page; `member` is "events" or "runs".
void print_events(const Console& console, const std::vector<JsonView>& events, bool headings);

}  // namespace penstock::gateway
