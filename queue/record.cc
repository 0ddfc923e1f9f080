#include "queue/record.h"

#include <google/protobuf/message_lite.h>

#include "proto/crc32c.h"
#include "queue/bytes.h"

namespace penstock::queue {

static constexpr char kVersion = 1;
static constexpr size_t kHeadBytes = 5;  // version, CRC

static uint32_t checksum(Family family, std::string_view key, std::string_view payload) {
  const char head[2] = {kVersion, static_cast<char>(family)};
  return crc32c(payload, crc32c(key, crc32c({head, 2})));
}

static void write_head(Family family, std::string_view key, std::string& out) {
  out[0] = kVersion;
  put_u32(out.data() + 1,
          checksum(family, key, std::string_view(out).substr(kHeadBytes)));
}

std::string seal(Family family, std::string_view key, std::string_view payload) {
  std::string out(kHeadBytes, '\0');
  out += payload;
  write_head(family, key, out);
  return out;
}

std::string seal(Family family, std::string_view key,
                 const google::protobuf::MessageLite& record) {
  std::string out(kHeadBytes + record.ByteSizeLong(), '\0');
  record.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(out.data()) + kHeadBytes);
  write_head(family, key, out);
  return out;
}

Result<std::string_view> unseal(Family family, std::string_view key, std::string_view value) {
  if (value.size() < kHeadBytes)
    return Status::corrupt(record_name(family, key) + " is cut short");
  if (value[0] != kVersion)
    return Status::corrupt(record_name(family, key) + " has an unknown format version");
  const std::string_view payload = value.substr(kHeadBytes);
  if (get_u32(value.data() + 1) != checksum(family, key, payload))
    return Status::corrupt(record_name(family, key) + " fails its checksum");
  return payload;
}

Status unseal(Family family, std::string_view key, std::string_view value,
              google::protobuf::MessageLite& out) {
  auto payload = unseal(family, key, value);
  if (!payload) return payload.status();
  if (!out.ParseFromArray(payload->data(), static_cast<int>(payload->size())))
    return Status::corrupt(record_name(family, key) + " cannot be read");
  return {};
}

std::string record_name(Family family, std::string_view key) {
  static constexpr std::string_view kNames[family_count] = {
      "the queue's ", "events from ", "live record of ", "result of ", "journal of ",
      "definition ", "stream of ", "dedup key ", "inbox of ", "audit record "};
  if (family == Family::kDedup) return "a dedup key";  // a hash says nothing
  const bool named = family == Family::kMeta || family == Family::kDefinitions ||
                     family == Family::kAudit;
  const bool by_id = !named && key.size() >= 16;
  return std::string(kNames[static_cast<size_t>(family)]) +
         (by_id ? Id::from_raw(key).text() : std::string(key));
}

std::string journal_key(Id id, uint32_t sequence) {
  std::string key(id.raw());
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(sequence >> shift);
  return key;
}

}  // namespace penstock::queue
