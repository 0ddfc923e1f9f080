#include "gateway/app/event_filter.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "gateway/app/prefer.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

/// "2026-11-23T22:00:00Z" or a duration back from now such as "15m", "2h", "1d".
static std::optional<uint64_t> since_ms(const std::string& text, uint64_t now_ms) {
  uint64_t unit_ms = 0;
  if (text.ends_with('d')) unit_ms = 86'400'000;
  if (text.ends_with('h')) unit_ms = 3'600'000;
  uint64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  if (unit_ms) {
    const auto read = std::from_chars(text.data(), end, count);
    if (read.ec != std::errc() || read.ptr != end || count > 36'500) return std::nullopt;
    return now_ms - std::min(now_ms, count * unit_ms);
  }
  if (const auto back = parse_wait_ms(text)) return now_ms - std::min(now_ms, *back);
  tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest) return std::nullopt;
  return static_cast<uint64_t>(timegm(&parts)) * 1000;
}

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
