#include "queue/dedup_key.h"

#include <openssl/sha.h>

#include "proto/limits.h"

namespace penstock::queue {

static constexpr size_t kHourBytes = 4;

DedupKey dedup_key_of(std::string_view scope, std::string_view key) {
  std::string text;
  text.reserve(scope.size() + 1 + key.size());
  text.append(scope).append(1, '\0').append(key);
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest);
  DedupKey out;
  std::memcpy(out.bytes.data(), digest, out.bytes.size());
  return out;
}

uint32_t dedup_hour_of(uint64_t expires_at_ms) {
  return static_cast<uint32_t>(expires_at_ms / limits::dedup_hour_ms) + 1;
}

std::string dedup_hour_key(uint32_t hour) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(hour >> shift);
  return out;
}

std::string dedup_store_key(uint32_t hour, const DedupKey& key) {
  std::string out = dedup_hour_key(hour);
  out.append(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
  return out;
}

std::optional<StoredDedupKey> read_dedup_key(std::string_view stored) {
  StoredDedupKey out{};
  if (stored.size() != kHourBytes + out.key.bytes.size()) return std::nullopt;
  for (size_t i = 0; i < kHourBytes; i++)
    out.hour = out.hour << 8 | static_cast<uint8_t>(stored[i]);
  std::memcpy(out.key.bytes.data(), stored.data() + kHourBytes, out.key.bytes.size());
  return out;
}

}  // namespace penstock::queue
