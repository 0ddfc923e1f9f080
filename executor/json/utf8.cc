#include "executor/json/utf8.h"

namespace penstock::json {
namespace {

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

size_t sequence_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

// The code point of a sequence whose bytes are all there; the replacement when it is overlong, a
// surrogate or out of range.
uint32_t decode(std::string_view sequence) {
  static constexpr uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t bytes = sequence.size();
  uint32_t point = static_cast<unsigned char>(sequence[0]) & (0xFFu >> (bytes + 1));
  for (const char c : sequence.substr(1)) {
    if (!is_tail(c)) return replacement_code_point;
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  const bool sound = point >= smallest[bytes] && point <= 0x10FFFF && !surrogate;
  return sound ? point : replacement_code_point;
}

}  // namespace

uint32_t next_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  const size_t wanted = sequence_bytes(lead);
  size_t bytes = 1;
  while (bytes < wanted && bytes < text.size() && is_tail(text[bytes])) bytes++;
  const uint32_t point =
      wanted == 0 || bytes < wanted ? replacement_code_point : decode(text.substr(0, bytes));
  text.remove_prefix(bytes);
  return point;
}

void append_code_point(uint32_t point, std::string& out) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = replacement_code_point;
  const auto tail = [&](int shift) {
    out.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3F)));
  };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | point >> 12));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | point >> 18));
    tail(12), tail(6), tail(0);
  }
}

size_t count_code_points(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += !is_tail(c);
  return count;
}

size_t byte_offset(std::string_view text, size_t index) {
  size_t at = 0;
  for (; at < text.size(); at++)
    if (!is_tail(text[at]) && index-- == 0) break;
  return at;
}

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_code_point(next_code_point(text), out);
  return out;
}

}  // namespace penstock::json
