#include "gateway/verify/moment.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace penstock::verify {

namespace {

constexpr size_t digits_max = 15;  // year 33,658 in milliseconds: no sum of ours can overflow

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t value = 0;
  if (text.empty() || text.size() > digits_max || text[0] == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes `digits` digits off the front; nullopt when they are not there or out of range.
std::optional<int64_t> take(std::string_view& text, size_t digits, int64_t low, int64_t high) {
  const auto value = whole_number(text.substr(0, digits));
  if (text.size() < digits || !value || *value < low || *value > high) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_one_of(std::string_view& text, std::string_view letters) {
  if (text.empty() || letters.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Days from 1970-01-01 in the Gregorian calendar: years begin in March, so leap days end them.
int64_t days_of(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2;
  const int64_t era = year / 400, of_era = year % 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

/// Milliseconds of a fraction: ".5", ".123456"; none is 0.
std::optional<int64_t> take_fraction(std::string_view& text) {
  if (!take_one_of(text, ".")) return 0;
  const size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  if (size == 0 || size > 9) return std::nullopt;
  int64_t ms = 0;
  for (size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < size ? text[i] - '0' : 0);
  text.remove_prefix(size);
  return ms;
}

/// Seconds east of Greenwich: "Z", "+02:00", "-0700".
std::optional<int64_t> take_zone(std::string_view& text) {
  if (take_one_of(text, "Zz")) return 0;
  const int64_t sign = text.starts_with('-') ? -1 : 1;
  if (!take_one_of(text, "+-")) return std::nullopt;
  const auto hours = take(text, 2, 0, 23);
  take_one_of(text, ":");
  const auto minutes = take(text, 2, 0, 59);
  if (!hours || !minutes) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<int64_t> parse_iso(std::string_view text) {
  const auto year = take(text, 4, 1970, 9999);
  if (!year || !take_one_of(text, "-")) return std::nullopt;
  const auto month = take(text, 2, 1, 12);
  if (!month || !take_one_of(text, "-")) return std::nullopt;
  const auto day = take(text, 2, 1, 31);
  if (!day || !take_one_of(text, "Tt ")) return std::nullopt;
  const auto hour = take(text, 2, 0, 23);
  if (!hour || !take_one_of(text, ":")) return std::nullopt;
  const auto minute = take(text, 2, 0, 59);
  if (!minute || !take_one_of(text, ":")) return std::nullopt;
  const auto second = take(text, 2, 0, 60);
  const auto ms = second ? take_fraction(text) : std::nullopt;
  const auto zone = ms ? take_zone(text) : std::nullopt;
  if (!zone || !text.empty()) return std::nullopt;
  const int64_t seconds = days_of(*year, *month, *day) * 86'400 + *hour * 3600 + *minute * 60;
  return (seconds + *second - *zone) * 1000 + *ms;
}

}  // namespace

std::optional<int64_t> parse_moment(std::string_view text, TimeUnit unit) {
  if (unit == TimeUnit::kIso8601) return parse_iso(text);
  const auto value = whole_number(text);
  if (!value) return std::nullopt;
  return unit == TimeUnit::kSeconds ? *value * 1000 : *value;
}

Freshness freshness(int64_t signed_at_ms, int64_t now_s, uint32_t old_s, uint32_t ahead_s) {
  // `now` is a whole second: compare seconds, lest a fraction make the edge stale.
  const int64_t age_s = now_s - signed_at_ms / 1000;
  if (age_s > static_cast<int64_t>(old_s)) return Freshness::kStale;
  if (-age_s > static_cast<int64_t>(ahead_s)) return Freshness::kFuture;
  return Freshness::kFresh;
}

std::string span_text(int64_t seconds) {
  seconds = std::abs(seconds);
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 2 * 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 2 * 86'400) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86'400) + " days";
}

}  // namespace penstock::verify
