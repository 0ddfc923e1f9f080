// A cron expression and the instants that it names: `[TZ=Area/City] [second] minute hour
// day-of-month month day-of-week`, or @hourly, @daily, @midnight, @weekly, @monthly, @yearly,
// @annually. Lists, ranges, steps, names of months and days, `?`, `L` (last day; `5L` last Friday),
// `15W` (nearest weekday), `5#2` (second Friday). Where both days are restricted, either will do.
//
// A value, any thread. Where clocks change: a time that does not exist fires when the clocks have
// jumped, one that exists twice fires the first time; but where every hour is meant (`*`, `*/1`),
// the time that really passes counts, so nothing is skipped and nothing doubled. Limitations: looks
// 12 years ahead, then there is no next one.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace date {
class time_zone;
}

namespace penstock::gateway {

class Cron {
 public:
  /// `zone`: where none stands in the text; empty: UTC. kInvalid says what is wrong.
  static Result<Cron> parse(std::string_view text, std::string_view zone = "");

  /// The first instant after this one, wall clock ms; nullopt: there is none.
  std::optional<uint64_t> next(uint64_t after_ms) const;

 private:
  using Set = std::bitset<60>;
  struct Nth {
    uint8_t weekday, which;
  };  ///< which: 1 to 5; 0 the last

  Status read_field(size_t field, std::string_view text);
  Status read_item(size_t field, std::string_view item);
  bool special_day(std::string_view item);
  bool special_weekday(std::string_view item);
  bool day_fits(int year, unsigned month, unsigned day) const;
  bool weekday_set_fits(unsigned weekday, unsigned day, unsigned last) const;
  bool month_day_fits(int year, unsigned month, unsigned day, unsigned last) const;
  std::optional<int64_t> next_of_day(int64_t local_day, int64_t after_s) const;

  std::array<Set, 6> sets_;  ///< seconds, minutes, hours, days, months (from 1), weekdays
  bool any_day_ = true, any_weekday_ = true, every_hour_ = false;
  bool last_day_ = false;
  std::vector<uint8_t> nearest_;  ///< 15W
  std::vector<Nth> nth_;          ///< 5#2, 5L
  const date::time_zone* zone_ = nullptr;
};

}  // namespace penstock::gateway
