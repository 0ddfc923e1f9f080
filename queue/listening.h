// A run's ears: what its listeners look for, and the events kept for them until the run's journal is
// past them. Plain data; the queue alone changes it.
#pragma once

#include <vector>

#include "queue/event_index.h"
#include "queue/types.h"

namespace penstock::queue {

struct Listening {
  std::vector<records::Subscription> subscriptions;
  uint32_t inbox_count = 0;   ///< events kept so far
  uint32_t inbox_done = 0;    ///< of these, those that the journal is past: gone
  std::vector<uint32_t> sizes;  ///< of those between
  size_t inbox_bytes = 0;     ///< of those between
  uint32_t asked = 0;         ///< inbox_count when the run was last read back

  bool has_news() const { return inbox_count > inbox_done; }
};

/// A listener of a run.
struct ListenerKey {
  Id run;
  uint32_t ordinal = 0;
  auto operator<=>(const ListenerKey&) const = default;
};

/// Does one of the filters let the event through, as far as literals tell?
inline bool may_want(const records::EventFilters& filters, const EventNames& event) {
  for (const records::EventFilter& filter : filters.any())
    if (may_fit(filter, event)) return true;
  return filters.any().empty();
}

}  // namespace penstock::queue
