#include "executor/lint/forms.h"

#include <algorithm>

#include "executor/lint/whitespace.h"

namespace penstock::lint {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_identifier_char(char c) {
  return is_alphanumeric(c) || c == '-';
}

bool all(std::string_view text, bool (*test)(char)) {
  return std::all_of(text.begin(), text.end(), test);
}

bool is_plain_number(std::string_view text) {
  return !text.empty() && all(text, is_digit) && (text == "0" || text[0] != '0');
}

bool is_prerelease_part(std::string_view text) {
  if (text.empty() || !all(text, is_identifier_char)) return false;
  return !all(text, is_digit) || is_plain_number(text);
}

bool is_build_part(std::string_view text) {
  return !text.empty() && all(text, is_identifier_char);
}

// Whether every part between dots passes, and how many there are.
size_t dotted_parts(std::string_view text, bool (*test)(std::string_view)) {
  size_t parts = 0;
  while (true) {
    const size_t dot = text.find('.');
    if (!test(text.substr(0, dot))) return 0;
    parts++;
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool is_name(std::string_view text, bool (*inside)(char)) {
  if (text.empty() || text.size() > 63) return false;
  if (!is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
  return all(text, inside);
}

// A number of `digits` figures at `at`; -1 where there is none.
int number(std::string_view text, size_t at, size_t digits) {
  if (text.size() < at + digits) return -1;
  int value = 0;
  for (size_t i = at; i < at + digits; i++) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = number(text, 0, 4), month = number(text, 5, 2), day = number(text, 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0);
}

struct Zone {
  int hours = 0, minutes = 0;  // with their sign
};

// `Z`, `+01:00`, `+0100` or `+01`.
bool read_zone(std::string_view text, Zone& zone) {
  if (text == "z" || text == "Z") return true;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return false;
  const int sign = text[0] == '-' ? -1 : 1;
  const int hours = number(text, 1, 2);
  text.remove_prefix(3);
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  const int minutes = text.empty() ? 0 : number(text, 0, 2);
  if (text.size() > 2 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  zone = {hours * sign, minutes * sign};
  return true;
}

// A second 60 exists only where the clock shows 23:59 UTC.
bool is_leap_second(int hours, int minutes, Zone zone) {
  const int utc_minutes = minutes - zone.minutes;
  const int utc_hours = hours - zone.hours - (utc_minutes < 0 ? 1 : 0);
  return (utc_hours == 23 || utc_hours == -1) && (utc_minutes == 59 || utc_minutes == -1);
}

bool is_time(std::string_view text) {
  const int hours = number(text, 0, 2), minutes = number(text, 3, 2), seconds = number(text, 6, 2);
  if (hours < 0 || minutes < 0 || seconds < 0 || text[2] != ':' || text[5] != ':') return false;
  text.remove_prefix(8);
  if (!text.empty() && text[0] == '.') {
    size_t digits = 1;
    while (digits < text.size() && is_digit(text[digits])) digits++;
    if (digits == 1) return false;
    text.remove_prefix(digits);
  }
  Zone zone;
  if (!read_zone(text, zone)) return false;
  if (hours <= 23 && minutes <= 59 && seconds < 60) return true;
  return seconds < 61 && is_leap_second(hours, minutes, zone);
}

}  // namespace

bool is_semantic_version(std::string_view text) {
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos && dotted_parts(text.substr(plus + 1), is_build_part) == 0) {
    return false;
  }
  text = text.substr(0, plus);
  const size_t dash = text.find('-');
  if (dash != std::string_view::npos &&
      dotted_parts(text.substr(dash + 1), is_prerelease_part) == 0) {
    return false;
  }
  return dotted_parts(text.substr(0, dash), is_plain_number) == 3;
}

bool is_label(std::string_view text) {
  return is_name(text, is_identifier_char);
}

bool is_host(std::string_view text) {
  return is_name(text, [](char c) { return is_identifier_char(c) || c == '.'; });
}

bool is_runtime_expression(std::string_view text) {
  text = trim_whitespace(text);
  if (text.size() < 4 || text.substr(0, 2) != "${" || text.back() != '}') return false;
  return !has_line_end(text.substr(2, text.size() - 3));
}

bool is_date_time(std::string_view text) {
  size_t at = 0, width = 0;
  while (at < text.size() && width == 0) {
    width = text[at] == 't' || text[at] == 'T' ? 1 : whitespace_at(text, at);
    if (width == 0) at++;
  }
  return width > 0 && is_date(text.substr(0, at)) && is_time(text.substr(at + width));
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

}  // namespace penstock::lint
