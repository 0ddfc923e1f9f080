// Fixed-width integers in stored bytes. Values are little endian, keys big endian (their order is
// the numbers' order).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace penstock::queue {

inline void put_u32(char* out, uint32_t value) {
  for (int i = 0; i < 4; i++) out[i] = static_cast<char>(value >> (8 * i));
}
inline uint32_t get_u32(const char* in) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value |= uint32_t{static_cast<uint8_t>(in[i])} << (8 * i);
  return value;
}
inline void put_u64(char* out, uint64_t value) {
  for (int i = 0; i < 8; i++) out[i] = static_cast<char>(value >> (8 * i));
}
inline uint64_t get_u64(const char* in) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value |= uint64_t{static_cast<uint8_t>(in[i])} << (8 * i);
  return value;
}

}  // namespace penstock::queue
