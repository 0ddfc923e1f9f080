#include "gateway/app/event_filter.h"

#include "gateway/app/render.h"
#include "gateway/app/since.h"

namespace penstock::gateway {

std::string read_event_filter(const FilterValue& value, uint64_t now_ms, queue::ListQuery& query) {
  query.trigger = value("trigger").value_or("");
  query.tag = value("tag").value_or("");
  const std::string status = value("status").value_or("");
  query.filtered = status == "filtered";
  if (query.filtered) query.status = records::CAPTURED;
  if (!status.empty() && !query.filtered) {
    query.status = status_from_word(status);
    if (query.status == records::UNKNOWN)
      return "status is one of captured filtered queued running waiting succeeded failed cancelled "
             "dead";
  }
  if (const std::string since = value("since").value_or(""); !since.empty()) {
    const auto bound = since_ms(since, now_ms);
    if (!bound) return "since is a time such as 2026-11-23T22:00:00Z or a span such as 15m";
    query.since_ms = *bound;
  }
  return "";
}

}  // namespace penstock::gateway
