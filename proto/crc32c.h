// CRC-32C (Castagnoli), the checksum of every stored record. SSE4.2 where the CPU has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace penstock {

/// The CRC of `bytes`, continuing from `crc` (0 to start).
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);

}  // namespace penstock
