// What stands for a dedup key within its scope: 16 bytes of a SHA-256, so that keys of any length
// cost the same and nobody can make two that meet. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::queue {

struct DedupKey {
  std::array<uint8_t, 16> bytes{};

  bool operator==(const DedupKey&) const = default;
  /// What memory keeps of it. Never 0.
  uint64_t fingerprint() const {
    uint64_t low;
    std::memcpy(&low, bytes.data(), 8);
    return low ? low : 1;
  }
};

DedupKey dedup_key_of(std::string_view scope, std::string_view key);

/// The hour of its expiry, under which it is stored; never 0.
uint32_t dedup_hour_of(uint64_t expires_at_ms);

/// The stored key: hour, then hash.
std::string dedup_store_key(uint32_t hour, const DedupKey& key);
/// Where all keys of an hour and later begin.
std::string dedup_hour_key(uint32_t hour);

struct StoredDedupKey { uint32_t hour; DedupKey key; };
/// nullopt: no such key.
std::optional<StoredDedupKey> read_dedup_key(std::string_view stored);

}  // namespace penstock::queue

template <>
struct std::hash<penstock::queue::DedupKey> {
  size_t operator()(const penstock::queue::DedupKey& key) const noexcept {
    uint64_t high;
    std::memcpy(&high, key.bytes.data() + 8, 8);
    return high;
  }
};
