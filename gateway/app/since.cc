#include "gateway/app/since.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "gateway/app/prefer.h"

namespace penstock::gateway {

std::optional<uint64_t> since_ms(const std::string& text, uint64_t now_ms) {
  uint64_t unit_ms = 0;
  if (text.ends_with('d')) unit_ms = 86'400'000;
  if (text.ends_with('h')) unit_ms = 3'600'000;
  uint64_t count = 0;
  if (text.empty()) return std::nullopt;
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

}  // namespace penstock::gateway
