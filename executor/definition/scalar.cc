#include "executor/definition/scalar.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace penstock::definition {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// One of `word`'s three spellings: word, Word, WORD.
bool spells(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  std::string capital(word), upper(word);
  capital[0] = static_cast<char>(std::toupper(capital[0]));
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  return text == word || text == capital || text == upper;
}

bool is_unrepresentable(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return text == ".inf" || text == ".Inf" || text == ".INF";
}

Scalar prefixed(std::string_view digits, int base) {
  uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (stop != end) return {ScalarKind::kString, {}};
  if (error != std::errc()) return {ScalarKind::kNoNumber, {}};
  return {ScalarKind::kNumber, std::to_string(value)};
}

std::string_view take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) count++;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

std::string_view take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
  const std::string_view sign = text.substr(0, 1);
  text.remove_prefix(1);
  return sign;
}

// Takes `e+5` off the front; empty where there is none, false where it is broken.
bool take_exponent(std::string_view& text, std::string& exponent) {
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  exponent += text[0];
  text.remove_prefix(1);
  exponent += take_sign(text);
  const std::string_view digits = take_digits(text);
  exponent += digits;
  return !digits.empty();
}

Scalar decimal(std::string_view text) {
  const bool minus = take_sign(text) == "-";
  std::string_view whole = take_digits(text), fraction;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  std::string exponent;
  if (whole.empty() && fraction.empty()) return {ScalarKind::kString, {}};
  if (!take_exponent(text, exponent) || !text.empty()) return {ScalarKind::kString, {}};
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  std::string number = minus ? "-" : "";
  number += whole.empty() ? "0" : whole;
  if (!fraction.empty()) number.append(".").append(fraction);
  return {ScalarKind::kNumber, number + exponent};
}

}  // namespace

Scalar resolve_scalar(std::string_view text) {
  if (text.empty() || text == "~" || spells(text, "null")) return {ScalarKind::kNull, {}};
  if (spells(text, "true")) return {ScalarKind::kTrue, {}};
  if (spells(text, "false")) return {ScalarKind::kFalse, {}};
  if (is_unrepresentable(text)) return {ScalarKind::kNoNumber, {}};
  if (text.size() > 2 && text.substr(0, 2) == "0x") return prefixed(text.substr(2), 16);
  if (text.size() > 2 && text.substr(0, 2) == "0o") return prefixed(text.substr(2), 8);
  return decimal(text);
}

}  // namespace penstock::definition
