#include "executor/tasks/retry_after.h"

#include <time.h>

#include <charconv>
#include <string>

namespace penstock::executor {
namespace {

constexpr double kSecondsMax = 1e9;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !(value >= 0) || value > kSecondsMax) return std::nullopt;
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<int64_t> date_s(std::string_view text) {
  tm parts{};
  const char* end = strptime(std::string(text).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end) return std::nullopt;
  return timegm(&parts);
}

}  // namespace

std::optional<uint64_t> retry_after_ms(const HttpReply& reply, uint64_t now_ms) {
  if (const auto ms = number(reply.header("retry-after-ms"))) return static_cast<uint64_t>(*ms);
  const std::string_view text = reply.header("retry-after");
  if (text.empty()) return std::nullopt;
  if (const auto seconds = number(text)) return static_cast<uint64_t>(*seconds * 1000);
  const std::optional<int64_t> until_s = date_s(text);
  if (!until_s) return std::nullopt;
  const int64_t own_s = static_cast<int64_t>(now_ms / 1000);
  const int64_t from_s = date_s(reply.header("date")).value_or(own_s);
  return *until_s > from_s ? static_cast<uint64_t>(*until_s - from_s) * 1000 : 0;
}

}  // namespace penstock::executor
