// Dates: seconds since 1970, jq's broken-down times, and text.
#include <cmath>
#include <ctime>
#include <vector>

#include "executor/jq/native.h"

namespace penstock::jq {
namespace {

using json::Value;

constexpr size_t broken_down_fields = 8;  // year month day hours minutes seconds weekday yearday
constexpr double seconds_max = 67768036191676000.0;  // just below the year 2^31, where tm ends

Value break_down(const std::tm& tm, double fraction) {
  Value out = Value::array();
  const double seconds = tm.tm_sec + fraction;
  const double fields[] = {tm.tm_year + 1900.0, double(tm.tm_mon), double(tm.tm_mday),
                           double(tm.tm_hour),  double(tm.tm_min), seconds,
                           double(tm.tm_wday),  double(tm.tm_yday)};
  for (const double field : fields) out.push_back(Value::number(field));
  return out;
}

using Convert = std::tm* (*)(const std::time_t*, std::tm*);

Value from_seconds(Call& call, const Value& value, Convert convert, const char* name) {
  if (!value.is_number()) return call.fail(std::string(name) + "() requires numeric inputs");
  const double seconds = value.as_double();
  if (!(std::fabs(seconds) <= seconds_max)) return call.fail("error converting number of seconds");
  const double whole = std::floor(seconds);
  const auto time = static_cast<std::time_t>(whole);
  std::tm tm = {};
  if (convert(&time, &tm) == nullptr) return call.fail("error converting number of seconds");
  return break_down(tm, seconds - whole);
}

Value gmtime_of(Call& call, Value* args) {
  return from_seconds(call, args[0], ::gmtime_r, "gmtime");
}
Value localtime_of(Call& call, Value* args) {
  return from_seconds(call, args[0], ::localtime_r, "localtime");
}

// False: not the eight numbers that a broken-down time has.
bool gather(const Value& value, std::tm& tm) {
  if (!value.is_array() || value.size() < broken_down_fields) return false;
  int fields[broken_down_fields];
  for (size_t i = 0; i < broken_down_fields; i++) {
    const double number = value.at(i).as_double();
    if (!value.at(i).is_number() || !(std::fabs(number) < 1e9)) return false;
    fields[i] = static_cast<int>(number);
  }
  tm.tm_year = fields[0] - 1900;
  tm.tm_mon = fields[1];
  tm.tm_mday = fields[2];
  tm.tm_hour = fields[3];
  tm.tm_min = fields[4];
  tm.tm_sec = fields[5];
  tm.tm_wday = fields[6];
  tm.tm_yday = fields[7];
  return true;
}

Value mktime_of(Call& call, Value* args) {
  if (!args[0].is_array()) return call.fail("mktime requires array inputs");
  std::tm tm = {};
  if (!gather(args[0], tm)) return call.fail("mktime requires parsed datetime inputs");
  return Value::number(static_cast<double>(::timegm(&tm)));
}

Value format_time(Call& call, Value* args, Convert convert, const char* name) {
  Value parsed = args[0];
  if (parsed.is_number()) parsed = from_seconds(call, parsed, convert, name);
  if (call.error) return {};
  std::tm tm = {};
  if (!gather(parsed, tm)) {
    return call.fail(std::string(name) + "/1 requires parsed datetime inputs");
  }
  if (!args[1].is_string()) return call.fail(std::string(name) + "/1 requires a string format");
  const std::string format(args[1].as_string());
  tm.tm_zone = "UTC";
  if (convert == static_cast<Convert>(::localtime_r)) {
    std::tm copy = tm;
    ::mktime(&copy);
    tm.tm_zone = copy.tm_zone;
    tm.tm_gmtoff = copy.tm_gmtoff;
  }
  std::vector<char> buffer(4096);
  const size_t written =
      format.empty() ? 0 : std::strftime(buffer.data(), buffer.size(), format.c_str(), &tm);
  if (written == 0 && !format.empty()) {
    return call.fail(std::string(name) + "/1: unknown system failure");
  }
  return Value::string(std::string(buffer.data(), written));
}

Value strftime_of(Call& call, Value* args) {
  return format_time(call, args, ::gmtime_r, "strftime");
}
Value strflocaltime_of(Call& call, Value* args) {
  return format_time(call, args, ::localtime_r, "strflocaltime");
}

Value strptime_of(Call& call, Value* args) {
  if (!args[0].is_string()) {
    return call.fail("strptime/1 requires string inputs and arguments");
  }
  if (!args[1].is_string()) return call.fail("strptime/1 requires string inputs and arguments");
  const std::string text(args[0].as_string()), format(args[1].as_string());
  std::tm tm = {};
  tm.tm_wday = 8;  // sentinels: what strptime leaves alone is worked out below
  tm.tm_yday = 367;
  const char* end = ::strptime(text.c_str(), format.c_str(), &tm);
  if (end == nullptr || *end != '\0') {
    return call.fail("date \"" + text + "\" does not match format \"" + format + "\"");
  }
  if (tm.tm_wday == 8 || tm.tm_yday == 367) {
    std::tm whole = tm;
    ::timegm(&whole);
    if (tm.tm_wday == 8 && tm.tm_mday >= 1) tm.tm_wday = whole.tm_wday;
    if (tm.tm_yday == 367 && tm.tm_mday >= 1) tm.tm_yday = whole.tm_yday;
  }
  return break_down(tm, 0);
}

constexpr Native table[] = {
    {"gmtime", 0, gmtime_of},     {"localtime", 0, localtime_of},
    {"mktime", 0, mktime_of},     {"strftime", 1, strftime_of},
    {"strptime", 1, strptime_of}, {"strflocaltime", 1, strflocaltime_of},
};

}  // namespace

std::span<const Native> time_natives() {
  return table;
}

}  // namespace penstock::jq
