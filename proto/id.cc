#include "proto/id.h"

#include <sys/random.h>

#include <cstdlib>

namespace penstock {

static constexpr char kHex[] = "0123456789abcdef";

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

static bool dash_before(size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

static void put_time(Id& id, uint64_t ms) {
  for (int i = 0; i < 6; i++) id.bytes[i] = static_cast<uint8_t>(ms >> (40 - 8 * i));
}

uint64_t Id::time_ms() const {
  uint64_t ms = 0;
  for (int i = 0; i < 6; i++) ms = ms << 8 | bytes[i];
  return ms;
}

void Id::write_text(char* out) const {
  for (size_t i = 0; i < 16; i++) {
    if (dash_before(i)) *out++ = '-';
    *out++ = kHex[bytes[i] >> 4];
    *out++ = kHex[bytes[i] & 15];
  }
}

std::string Id::text() const {
  std::string out(36, '\0');
  write_text(out.data());
  return out;
}

std::optional<Id> Id::from_text(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Id id;
  size_t at = 0;
  for (size_t i = 0; i < 16; i++) {
    if (dash_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]), low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return id;
}

Id Id::from_raw(std::string_view raw) {
  Id id;
  std::memcpy(id.bytes.data(), raw.data(), 16);
  return id;
}

Id Id::floor_of(uint64_t wall_ms) {
  Id id;
  put_time(id, wall_ms);
  id.bytes[6] = 0x70;
  id.bytes[8] = 0x80;
  return id;
}

IdGenerator::IdGenerator(const Clock& clock, Id after) : clock_(clock), last_(after) {}

void IdGenerator::fill_random(uint8_t* out, size_t size) {
  if (pool_used_ + size > pool_.size()) {
    size_t have = 0;
    while (have < pool_.size()) {
      const ssize_t n = getrandom(pool_.data() + have, pool_.size() - have, 0);
      if (n < 0) abort();  // no randomness: every id would be guessable
      have += static_cast<size_t>(n);
    }
    pool_used_ = 0;
  }
  std::memcpy(out, pool_.data() + pool_used_, size);
  std::memset(pool_.data() + pool_used_, 0, size);  // an id is a capability: leave no copy behind
  pool_used_ += size;
}

Id IdGenerator::next() {
  const uint64_t last_ms = last_.time_ms();
  uint64_t ms = clock_.wall_ms();
  uint32_t counter = 0;
  if (ms <= last_ms) {  // same millisecond, or the clock went back: count on from the last id
    ms = last_ms;
    counter = (static_cast<uint32_t>(last_.bytes[6] & 15) << 8 | last_.bytes[7]) + 1;
    if (counter > 0xfff) {
      ms++;
      counter = 0;
    }
  }
  Id id;
  put_time(id, ms);
  id.bytes[6] = static_cast<uint8_t>(0x70 | counter >> 8);
  id.bytes[7] = static_cast<uint8_t>(counter);
  fill_random(id.bytes.data() + 8, 8);
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  last_ = id;
  return id;
}

}  // namespace penstock
