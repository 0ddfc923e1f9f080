#include "executor/json/number.h"

#include <algorithm>
#include <cfloat>
#include <charconv>
#include <cmath>

namespace penstock::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

size_t digits_from(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) at++;
  return at;
}

// Short integers, the common case, need no general conversion.
std::optional<double> parse_short_integer(std::string_view text) {
  const bool minus = text.front() == '-';
  if (text.size() - minus > 15) return std::nullopt;
  int64_t value = 0;
  for (const char c : text.substr(minus)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  const double number = static_cast<double>(value);
  return minus ? -number : number;
}

double out_of_range(std::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e != text.npos && text.substr(e).find('-') != text.npos)
    return text.front() == '-' ? -0.0 : 0;
  return text.front() == '-' ? -DBL_MAX : DBL_MAX;
}

// "digits" stands for d.igits times ten to the power (point - 1).
void lay_out(std::string_view digits, int point, std::string& out) {
  const int count = static_cast<int>(digits.size());
  if (point <= 0) {
    out.append("0.").append(static_cast<size_t>(-point), '0').append(digits);
  } else if (point >= count) {
    out.append(digits).append(static_cast<size_t>(point - count), '0');
  } else {
    out.append(digits.substr(0, static_cast<size_t>(point))).push_back('.');
    out.append(digits.substr(static_cast<size_t>(point)));
  }
}

void lay_out_exponent(std::string_view digits, int exponent, std::string& out) {
  out.push_back(digits[0]);
  if (digits.size() > 1) out.append(".").append(digits.substr(1));
  out.append(exponent < 0 ? "e-" : "e+");
  const int size = std::abs(exponent);
  if (size < 10) out.push_back('0');
  out.append(std::to_string(size));
}

void append_fraction(double value, std::string& out) {
  char buffer[number_text_bytes_max];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<size_t>(end.ptr - buffer));
  const size_t e = text.find('e');
  int exponent = 0;
  const size_t sign = text[e + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + e + sign, text.data() + text.size(), exponent);
  std::string digits(1, text[0]);
  if (e > 1) digits.append(text.substr(2, e - 2));
  const int point = exponent + 1;
  if (point <= -4 || point > static_cast<int>(digits.size()) + 15) {
    lay_out_exponent(digits, exponent, out);
  } else {
    lay_out(digits, point, out);
  }
}

}  // namespace

double parse_number(std::string_view text) {
  if (text.empty()) return 0;
  if (const auto quick = parse_short_integer(text)) return *quick;
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc::result_out_of_range ? out_of_range(text) : value;
}

void append_number(double value, std::string& out) {
  if (std::isnan(value)) {
    out.append("null");
    return;
  }
  value = std::clamp(value, -DBL_MAX, DBL_MAX);
  if (std::signbit(value)) out.push_back('-');
  value = std::fabs(value);
  if (value < 1e15 && value == std::floor(value)) {
    char buffer[number_text_bytes_max];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<int64_t>(value));
    out.append(buffer, end.ptr);
    return;
  }
  append_fraction(value, out);
}

bool is_integer_text(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && digits_from(text, 0) == text.size();
}

int compare_integers(std::string_view a, std::string_view b) {
  const bool a_minus = a.front() == '-', b_minus = b.front() == '-';
  if (a_minus != b_minus) return a_minus ? -1 : 1;
  a.remove_prefix(a_minus);
  b.remove_prefix(b_minus);
  const int sign = a_minus ? -1 : 1;
  if (a.size() != b.size()) return a.size() < b.size() ? -sign : sign;
  const int order = a.compare(b);
  return order == 0 ? 0 : (order < 0 ? -sign : sign);
}

bool is_number_text(std::string_view text) {
  size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const size_t whole = at;
  at = digits_from(text, at);
  if (at == whole || (text[whole] == '0' && at > whole + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = ++at;
    at = digits_from(text, at);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    at++;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) at++;
    const size_t exponent = at;
    at = digits_from(text, at);
    if (at == exponent) return false;
  }
  return at == text.size();
}

}  // namespace penstock::json
