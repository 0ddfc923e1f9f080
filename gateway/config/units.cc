#include "gateway/config/units.h"

#include <charconv>
#include <limits>
#include <span>

namespace penstock::gateway {

namespace {

struct Unit {
  std::string_view word;
  uint64_t factor;
};

constexpr Unit duration_units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit size_units[] = {{"", 1},          {"B", 1},        {"K", 1 << 10},  {"KB", 1 << 10},
                               {"KiB", 1 << 10}, {"M", 1 << 20},  {"MB", 1 << 20}, {"MiB", 1 << 20},
                               {"G", 1 << 30},   {"GB", 1 << 30}, {"GiB", 1 << 30}};
constexpr Unit duration_shown[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit size_shown[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}};

Status bad(std::string_view text, std::string_view form) {
  return Status::invalid("\"" + std::string(text) + "\" is not " + std::string(form));
}

/// The number in front and what follows it; nullopt without a number or past 64 bits.
bool split(std::string_view text, uint64_t& number, std::string_view& unit) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  unit = text.substr(static_cast<size_t>(end - text.data()));
  return error == std::errc();
}

Result<uint64_t> scaled(std::string_view text, uint64_t number, uint64_t factor) {
  if (number > std::numeric_limits<uint64_t>::max() / factor)
    return bad(text, "that large: too big");
  return number * factor;
}

std::string show(uint64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string(unit.word);
    }
  }
  return "0" + std::string(units.back().word);
}

}  // namespace

Result<uint64_t> parse_duration_ms(std::string_view text, uint64_t bare_ms) {
  uint64_t number = 0;
  std::string_view word;
  if (!split(text, number, word)) return bad(text, "a duration such as 500ms, 30s, 5m, 12h or 7d");
  if (word.empty() && bare_ms > 0) return scaled(text, number, bare_ms);
  if (word.empty() && number == 0) return number;
  for (const Unit& unit : duration_units) {
    if (unit.word == word) return scaled(text, number, unit.factor);
  }
  return bad(text, "a duration such as 500ms, 30s, 5m, 12h or 7d");
}

Result<uint64_t> parse_bytes(std::string_view text) {
  uint64_t number = 0;
  std::string_view word;
  if (!split(text, number, word)) return bad(text, "a size such as 4096, 64KiB or 1MiB");
  for (const Unit& unit : size_units) {
    if (unit.word == word) return scaled(text, number, unit.factor);
  }
  return bad(text, "a size such as 4096, 64KiB or 1MiB");
}

Result<uint64_t> parse_count(std::string_view text) {
  uint64_t number = 0;
  std::string_view rest;
  if (!split(text, number, rest) || !rest.empty()) return bad(text, "a whole number");
  return number;
}

std::string show_duration(uint64_t ms) {
  return show(ms, duration_shown);
}
std::string show_bytes(uint64_t bytes) {
  return show(bytes, size_shown);
}

}  // namespace penstock::gateway
