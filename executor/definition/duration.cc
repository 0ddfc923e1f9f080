#include "executor/definition/duration.h"

#include <array>
#include <string>

#include "proto/limits.h"

namespace penstock::definition {
namespace {

constexpr double kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Unit {
  char letter;
  double ms;
};
constexpr std::array<Unit, 4> kDateUnits{
    {{'Y', 365 * kDay}, {'M', 30 * kDay}, {'W', 7 * kDay}, {'D', kDay}}};
constexpr std::array<Unit, 3> kTimeUnits{{{'H', kHour}, {'M', kMinute}, {'S', kSecond}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

size_t digits_at(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) count++;
  return count;
}

// The length of `12` or `12.5` at the front; 0 where there is none.
size_t number_at(std::string_view text) {
  const size_t whole = digits_at(text);
  if (whole == 0 || whole >= text.size() || text[whole] != '.') return whole;
  const size_t fraction = digits_at(text.substr(whole + 1));
  return fraction == 0 ? 0 : whole + 1 + fraction;
}

double number_value(std::string_view text) {
  double value = 0, scale = 1;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') {
      fraction = true;
    } else if (fraction) {
      scale /= 10;
      value += (c - '0') * scale;
    } else {
      value = value * 10 + (c - '0');
    }
  }
  return value;
}

// Takes units in their order off the front of `text`; says whether the form was kept.
template <size_t N>
bool take_units(std::string_view& text, const std::array<Unit, N>& units, double& ms) {
  size_t next = 0;
  while (!text.empty() && is_digit(text[0])) {
    const size_t length = number_at(text);
    if (length == 0 || length >= text.size()) return false;
    while (next < N && units[next].letter != text[length]) next++;
    if (next == N) return false;
    ms += number_value(text.substr(0, length)) * units[next++].ms;
    text.remove_prefix(length + 1);
  }
  return true;
}

bool read(std::string_view text, double& ms) {
  ms = 0;
  if (text.size() < 2 || text[0] != 'P') return false;
  text.remove_prefix(1);
  if (!take_units(text, kDateUnits, ms)) return false;
  if (text.empty()) return true;
  if (text[0] != 'T' || text.size() == 1) return false;
  text.remove_prefix(1);
  return take_units(text, kTimeUnits, ms) && text.empty();
}

}  // namespace

bool is_duration(std::string_view text) {
  double ms;
  return read(text, ms);
}

Result<uint64_t> parse_duration(std::string_view text) {
  double ms;
  if (!read(text, ms)) {
    return Status::invalid("\"" + std::string(text.substr(0, 64)) +
                           "\" is not an ISO 8601 duration such as PT30S or P1DT12H");
  }
  if (!(ms <= static_cast<double>(limits::duration_ms_max))) {
    return Status::invalid("the duration " + std::string(text.substr(0, 64)) +
                           " is longer than 100 years");
  }
  return static_cast<uint64_t>(ms + 0.5);
}

}  // namespace penstock::definition
