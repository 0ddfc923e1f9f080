#include "gateway/app/cron.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>

#include "proto/limits.h"

namespace penstock::gateway {
namespace {

enum : size_t { kSecond, kMinute, kHour, kDay, kMonth, kWeekday };

struct Bounds {
  std::string_view name;
  unsigned low, high;
};
constexpr Bounds kBounds[] = {{"second", 0, 59},       {"minute", 0, 59}, {"hour", 0, 23},
                              {"day of month", 1, 31}, {"month", 1, 12},  {"day of week", 0, 7}};
constexpr std::string_view kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::string_view kDays[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
constexpr std::pair<std::string_view, std::string_view> kNicknames[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"}};
constexpr int64_t kDayS = 86'400, kDaysAhead = 12 * 366;

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(toupper(static_cast<unsigned char>(c)));
  return made;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t at = text.find_first_of(separators);
    if (at != 0) parts.push_back(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return parts;
}

template <size_t N>
std::optional<unsigned> name_in(const std::string_view (&names)[N], std::string_view text,
                                unsigned first) {
  const std::string word = upper(text);
  for (unsigned i = 0; i < N; i++)
    if (word == names[i]) return i + first;
  return std::nullopt;
}

std::optional<unsigned> number(size_t field, std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (value < kBounds[field].low || value > kBounds[field].high) return std::nullopt;
    return value;
  }
  if (field == kMonth) return name_in(kMonths, text, 1);
  if (field == kWeekday) return name_in(kDays, text, 0);
  return std::nullopt;
}

Status wrong(size_t field, std::string_view item) {
  const Bounds& bounds = kBounds[field];
  return Status::invalid("cron: '" + std::string(item) + "' is no " + std::string(bounds.name) +
                         ": write " + std::to_string(bounds.low) + " to " +
                         std::to_string(bounds.high) + ", with , - / or *");
}

unsigned last_day_of(int year, unsigned month) {
  return unsigned((date::year(year) / date::month(month) / date::last).day());
}

unsigned weekday_of(int year, unsigned month, unsigned day) {
  const date::sys_days days = date::year(year) / date::month(month) / date::day(day);
  return date::weekday(days).c_encoding();
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text, std::string_view zone) {
  if (text.size() > limits::cron_bytes_max)
    return Status::invalid("cron: the expression is too long");
  std::vector<std::string_view> fields = split(text, " \t");
  for (const std::string_view prefix : {"TZ=", "CRON_TZ="}) {
    if (fields.empty() || !fields[0].starts_with(prefix)) continue;
    zone = fields[0].substr(prefix.size());
    fields.erase(fields.begin());
    break;
  }
  if (fields.size() == 1 && fields[0].starts_with('@')) {
    const auto known = std::find_if(std::begin(kNicknames), std::end(kNicknames),
                                    [&](const auto& entry) { return entry.first == fields[0]; });
    if (known == std::end(kNicknames))
      return Status::invalid("cron: '" + std::string(fields[0]) + "' is not known");
    fields = split(known->second, " ");
  }
  if (fields.size() != 5 && fields.size() != 6)
    return Status::invalid(
        "cron: write five fields: minute, hour, day of month, month, day of week");
  Cron made;
  if (fields.size() == 5) fields.insert(fields.begin(), "0");
  for (size_t i = 0; i < fields.size(); i++) PENSTOCK_TRY(made.read_field(i, fields[i]));
  made.every_hour_ = made.sets_[kHour].count() == 24;
  try {  // the library knows no other way to say so
    made.zone_ = date::locate_zone(zone.empty() ? std::string("UTC") : std::string(zone));
  } catch (const std::runtime_error&) {
    return Status::invalid("cron: there is no time zone '" + std::string(zone) +
                           "'; write one such as Europe/Berlin");
  }
  return made;
}

Status Cron::read_field(size_t field, std::string_view text) {
  const bool any = text == "*" || text == "?";
  if (field == kDay) any_day_ = any;
  if (field == kWeekday) any_weekday_ = any;
  for (const std::string_view item : split(text, ",")) {
    if (field == kDay && special_day(item)) continue;
    if (field == kWeekday && special_weekday(item)) continue;
    PENSTOCK_TRY(read_item(field, item));
  }
  if (field == kWeekday && sets_[kWeekday][7]) sets_[kWeekday].set(0);  // Sunday, both ways
  return Status();
}

// `*`, `N`, `N-M`, each with `/STEP`.
Status Cron::read_item(size_t field, std::string_view item) {
  const Bounds& bounds = kBounds[field];
  const size_t slash = item.find('/');
  std::string_view range = item.substr(0, slash);
  unsigned step = 1;
  if (slash != item.npos) {
    const std::string_view text = item.substr(slash + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc() || end != text.data() + text.size() || step == 0 || step > bounds.high)
      return wrong(field, item);
  }
  unsigned low = bounds.low, high = field == kWeekday ? 6 : bounds.high;
  if (range != "*" && range != "?") {
    const size_t dash = range.find('-');
    const auto from = number(field, range.substr(0, dash));
    if (!from) return wrong(field, item);
    low = *from;
    if (dash != range.npos) {
      const auto to = number(field, range.substr(dash + 1));
      if (!to || *to < low) return wrong(field, item);
      high = *to;
    } else if (slash == item.npos) {
      high = low;
    }
  }
  for (unsigned value = low; value <= high; value += step) sets_[field].set(value);
  return Status();
}

bool Cron::special_day(std::string_view item) {
  const std::string word = upper(item);
  if (word == "L") return last_day_ = true;
  if (word.size() < 2 || word.back() != 'W') return false;
  const auto day = number(kDay, std::string_view(word).substr(0, word.size() - 1));
  if (day) nearest_.push_back(static_cast<uint8_t>(*day));
  return day.has_value();
}

bool Cron::special_weekday(std::string_view item) {
  const std::string word = upper(item);
  const size_t hash = word.find('#');
  const bool last = word.size() >= 2 && word.back() == 'L';
  if (hash == word.npos && !last) return false;
  const auto day =
      number(kWeekday, std::string_view(word).substr(0, last ? word.size() - 1 : hash));
  if (!day) return false;
  uint8_t which = 0;
  if (!last) {
    if (word.size() != hash + 2 || word[hash + 1] < '1' || word[hash + 1] > '5') return false;
    which = static_cast<uint8_t>(word[hash + 1] - '0');
  }
  nth_.push_back({static_cast<uint8_t>(*day % 7), which});
  return true;
}

bool Cron::month_day_fits(int year, unsigned month, unsigned day, unsigned last) const {
  if (sets_[kDay][day] || (last_day_ && day == last)) return true;
  for (const unsigned wanted : nearest_) {
    if (wanted > last) continue;
    const unsigned weekday = weekday_of(year, month, wanted);
    unsigned nearest = wanted;
    if (weekday == 6) nearest = wanted == 1 ? 3 : wanted - 1;
    if (weekday == 0) nearest = wanted == last ? wanted - 2 : wanted + 1;
    if (day == nearest) return true;
  }
  return false;
}

bool Cron::weekday_set_fits(unsigned weekday, unsigned day, unsigned last) const {
  if (sets_[kWeekday][weekday]) return true;
  for (const Nth& nth : nth_) {
    if (nth.weekday != weekday) continue;
    if (nth.which == 0 ? day + 7 > last : (day - 1) / 7 + 1 == nth.which) return true;
  }
  return false;
}

bool Cron::day_fits(int year, unsigned month, unsigned day) const {
  if (!sets_[kMonth][month]) return false;
  const unsigned last = last_day_of(year, month);
  const bool by_day = month_day_fits(year, month, day, last);
  const bool by_weekday = weekday_set_fits(weekday_of(year, month, day), day, last);
  if (any_day_ || any_weekday_) return by_day && by_weekday;
  return by_day || by_weekday;
}

// The first instant of this local day that is later than `after_s`, both in seconds of the epoch.
std::optional<int64_t> Cron::next_of_day(int64_t local_day, int64_t after_s) const {
  using date::local_seconds, std::chrono::seconds;
  std::optional<int64_t> best;
  const auto offer = [&](int64_t at_s) {
    if (at_s > after_s && (!best || at_s < *best)) best = at_s;
  };
  const local_seconds midnight{seconds(local_day * kDayS)};
  const auto first = zone_->get_info(midnight), end = zone_->get_info(midnight + seconds(kDayS));
  const bool plain = first.result == date::local_info::unique &&
                     end.result == date::local_info::unique && first.first.begin == end.first.begin;
  for (unsigned hour = 0; hour < 24; hour++) {
    if (!sets_[kHour][hour]) continue;
    for (unsigned minute = 0; minute < 60; minute++) {
      if (!sets_[kMinute][minute]) continue;
      for (unsigned second = 0; second < 60; second++) {
        if (!sets_[kSecond][second]) continue;
        const local_seconds local = midnight + seconds(hour * 3600 + minute * 60 + second);
        const int64_t local_s = local.time_since_epoch().count();
        if (plain) {
          offer(local_s - first.first.offset.count());
          if (best) return best;
          continue;
        }
        const auto info = zone_->get_info(local);
        if (info.result == date::local_info::nonexistent) {
          if (!every_hour_) offer(info.second.begin.time_since_epoch().count());
          continue;
        }
        offer(local_s - info.first.offset.count());
        if (info.result == date::local_info::ambiguous && every_hour_)
          offer(local_s - info.second.offset.count());
      }
    }
  }
  return best;
}

std::optional<uint64_t> Cron::next(uint64_t after_ms) const {
  const auto after_s = static_cast<int64_t>(after_ms / 1000);
  const date::sys_seconds from{std::chrono::seconds(after_s)};
  const int64_t offset_s = zone_->get_info(from).offset.count();
  int64_t day = (after_s + offset_s) / kDayS;
  for (const int64_t end = day + kDaysAhead; day < end; day++) {
    const date::year_month_day calendar{date::local_days{date::days(day)}};
    if (!day_fits(int(calendar.year()), unsigned(calendar.month()), unsigned(calendar.day())))
      continue;
    if (const auto found = next_of_day(day, after_s)) return static_cast<uint64_t>(*found) * 1000;
  }
  return std::nullopt;
}

}  // namespace penstock::gateway
