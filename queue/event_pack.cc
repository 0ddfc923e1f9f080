#include "queue/event_pack.h"

#include <zstd.h>

#include <cassert>

#include "proto/crc32c.h"
#include "proto/limits.h"
#include "queue/bytes.h"

namespace penstock::queue {
namespace {

// Head: version, CRC of all that follows up to the payloads, count, form and length of the payloads
// before packing. Then the table. Version 1 ends behind the count, and packed each body by itself.
constexpr char kVersion = 2, kVersion1 = 1;
constexpr size_t kHeadBytes = 14, kHead1Bytes = 9, kCrcAt = 1, kCountAt = 5, kFormAt = 9,
                 kPayloadsAt = 10;
constexpr char kPlain = 0, kFrame = 1;
// Entry: id, flags, lengths of metadata, stored body and raw body, CRC of entry and payload.
constexpr size_t kEntryBytes = 33, kFlagsAt = 16, kMetaAt = 17, kStoredAt = 21, kRawAt = 25,
                 kEntryCrcAt = 29;
constexpr uint8_t kCaptured = 1, kZstd = 2, kKnownFlags = kCaptured | kZstd;
constexpr int kLevel = 1;  // the commit thread has a core to share
// A pack is closed by its first event past the bound, and bodies are bounded.
constexpr size_t kPayloadsMax = size_t{2} * limits::body_bytes_ceiling + limits::pack_bytes_max;
constexpr unsigned kSkips = 31;  // packs that are not tried after one that would not shrink

uint32_t entry_crc(const char* entry, std::string_view payload) {
  return crc32c(payload, crc32c({entry, kEntryCrcAt}));
}

Status damaged(Id id, std::string_view how) {
  return Status::corrupt("event " + id.text() + " " + std::string(how));
}

}  // namespace

void EventPacker::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
EventPacker::EventPacker() : context_(ZSTD_createCCtx()) {}
EventPacker::~EventPacker() = default;

void EventPacker::add(const Event& event, char* entry) {
  std::memcpy(entry, event.id.bytes.data(), 16);
  entry[kFlagsAt] = static_cast<char>(event.captured ? kCaptured : 0);
  put_u32(entry + kMetaAt, static_cast<uint32_t>(event.meta.size()));
  put_u32(entry + kStoredAt, static_cast<uint32_t>(event.body.size()));
  put_u32(entry + kRawAt, static_cast<uint32_t>(event.body.size()));
  const size_t at = payloads_.size();
  payloads_ += event.meta;
  payloads_ += event.body.view();
  put_u32(entry + kEntryCrcAt, entry_crc(entry, std::string_view(payloads_).substr(at)));
}

// Events of one sender are alike, so packing them together saves what packing each by itself cannot:
// most of the log, and with it most of the fsync.
bool EventPacker::compress_to(std::string& out) {
  if (payloads_.size() < limits::compress_bytes_min) return false;
  if (skips_ > 0) return skips_--, false;
  const size_t at = out.size();
  out.resize(at + ZSTD_compressBound(payloads_.size()));
  const size_t size = ZSTD_compressCCtx(context_.get(), out.data() + at, out.size() - at,
                                        payloads_.data(), payloads_.size(), kLevel);
  const bool pays = !ZSTD_isError(size) && size < payloads_.size() - payloads_.size() / 16;
  out.resize(pays ? at + size : at);
  if (!pays) skips_ = kSkips;
  return pays;
}

std::string EventPacker::pack(std::span<const EventPtr> events) {
  assert(!events.empty());
  const size_t table_bytes = events.size() * kEntryBytes;
  payloads_.clear();
  std::string out(kHeadBytes + table_bytes, '\0');
  for (size_t i = 0; i < events.size(); i++) add(*events[i], &out[kHeadBytes + i * kEntryBytes]);
  const bool packed = compress_to(out);
  if (!packed) out += payloads_;
  out[0] = kVersion;
  put_u32(&out[kCountAt], static_cast<uint32_t>(events.size()));
  out[kFormAt] = packed ? kFrame : kPlain;
  put_u32(&out[kPayloadsAt], static_cast<uint32_t>(payloads_.size()));
  put_u32(&out[kCrcAt],
          crc32c({out.data() + kCountAt, kHeadBytes - kCountAt + table_bytes}));
  return out;
}

Result<EventPack> EventPack::open(std::string_view key, std::string_view value) {
  const auto bad = [key](std::string_view how) {
    const std::string first = key.size() == 16 ? Id::from_raw(key).text() : "a broken key";
    return Status::corrupt("events from " + first + " " + std::string(how));
  };
  if (key.size() != 16 || value.empty()) return bad("are cut short");
  if (value[0] != kVersion && value[0] != kVersion1) return bad("have an unknown format version");
  EventPack pack;
  pack.value_ = value;
  pack.table_at_ = value[0] == kVersion ? kHeadBytes : kHead1Bytes;
  if (value.size() < pack.table_at_) return bad("are cut short");
  pack.count_ = get_u32(value.data() + kCountAt);
  if (pack.count_ == 0 || pack.count_ > (value.size() - pack.table_at_) / kEntryBytes)
    return bad("are cut short");
  const size_t stored_at = pack.table_at_ + pack.count_ * kEntryBytes;
  if (crc32c(value.substr(kCountAt, stored_at - kCountAt)) != get_u32(value.data() + kCrcAt))
    return bad("fail their checksum");
  pack.stored_ = value.substr(stored_at);
  pack.offsets_.reserve(pack.count_ + 1);
  size_t at = 0;
  for (size_t i = 0; i < pack.count_; i++) {
    pack.offsets_.push_back(at);
    at += size_t{get_u32(pack.entry(i) + kMetaAt)} + get_u32(pack.entry(i) + kStoredAt);
  }
  pack.offsets_.push_back(at);
  pack.framed_ = value[0] == kVersion && value[kFormAt] == kFrame;
  const size_t payloads = value[0] == kVersion ? get_u32(value.data() + kPayloadsAt) : at;
  if (at != payloads || at > kPayloadsMax || (!pack.framed_ && pack.stored_.size() != at))
    return bad("have the wrong length");
  if (pack.id(0) != Id::from_raw(key)) return bad("are stored under another key");
  return pack;
}

const char* EventPack::entry(size_t i) const {
  return value_.data() + table_at_ + i * kEntryBytes;
}

Id EventPack::id(size_t i) const { return Id::from_raw({entry(i), 16}); }
bool EventPack::captured(size_t i) const { return entry(i)[kFlagsAt] & kCaptured; }
uint32_t EventPack::body_bytes(size_t i) const { return get_u32(entry(i) + kRawAt); }

size_t EventPack::lower_bound(Id id) const {
  size_t low = 0, high = count_;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (this->id(middle) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

std::optional<size_t> EventPack::find(Id id) const {
  const size_t i = lower_bound(id);
  return i < count_ && this->id(i) == id ? std::optional(i) : std::nullopt;
}

Result<std::string_view> EventPack::payload(size_t i) const {
  if (framed_ && unpacked_.empty()) {
    std::string raw(offsets_.back(), '\0');
    const size_t got = ZSTD_decompress(raw.data(), raw.size(), stored_.data(), stored_.size());
    if (got != raw.size()) return damaged(id(i), "cannot be unpacked");  // errors are huge numbers
    unpacked_ = std::move(raw);
  }
  const std::string_view all = framed_ ? std::string_view(unpacked_) : stored_;
  const std::string_view bytes = all.substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
  if (entry_crc(entry(i), bytes) != get_u32(entry(i) + kEntryCrcAt))
    return damaged(id(i), "fails its checksum");
  return bytes;
}

Result<std::string_view> EventPack::meta(size_t i) const {
  auto bytes = payload(i);
  if (!bytes) return bytes.status();
  return bytes->substr(0, get_u32(entry(i) + kMetaAt));
}

Result<EventPtr> EventPack::event(size_t i) const {
  auto bytes = payload(i);
  if (!bytes) return bytes.status();
  const uint8_t flags = static_cast<uint8_t>(entry(i)[kFlagsAt]);
  const uint32_t meta_bytes = get_u32(entry(i) + kMetaAt), raw_bytes = body_bytes(i);
  if ((flags & ~kKnownFlags) || raw_bytes > limits::body_bytes_ceiling)
    return damaged(id(i), "was written by a newer version");
  auto event = std::make_shared<Event>();
  event->id = id(i);
  event->captured = captured(i);
  event->meta = bytes->substr(0, meta_bytes);
  const std::string_view stored = bytes->substr(meta_bytes);
  if (!(flags & kZstd)) {
    if (stored.size() != raw_bytes) return damaged(id(i), "has the wrong length");
    event->body.append(stored);
    return EventPtr(std::move(event));
  }
  std::string raw(raw_bytes, '\0');
  const size_t got = ZSTD_decompress(raw.data(), raw.size(), stored.data(), stored.size());
  if (got != raw_bytes) return damaged(id(i), "cannot be unpacked");  // errors are huge numbers
  event->body.append(raw);
  return EventPtr(std::move(event));
}

}  // namespace penstock::queue
