// The events of one commit as one stored value: a table of ids and lengths, then the metadata and
// bodies of all, together in one zstd frame where it pays, every part under a CRC-32C.
// EventPacker: one thread. EventPack: a view of bytes that must outlive it; one thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/status.h"
#include "queue/types.h"

struct ZSTD_CCtx_s;

namespace penstock::queue {

/// Writes packs; keeps the compressor between them.
class EventPacker {
 public:
  EventPacker();
  ~EventPacker();
  EventPacker(const EventPacker&) = delete;
  EventPacker& operator=(const EventPacker&) = delete;

  /// The stored form of these events, ids ascending, at least one.
  std::string pack(std::span<const EventPtr> events);

 private:
  void add(const Event& event, char* entry);
  /// Appends payloads_ in a shorter form; false, and nothing, when it does not shrink.
  bool compress_to(std::string& out);

  struct Free { void operator()(ZSTD_CCtx_s* context) const; };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string payloads_;
  unsigned skips_ = 0;
};

/// Reads a pack in place.
class EventPack {
 public:
  /// Checks the table; `key` is the id under which the pack is stored.
  static Result<EventPack> open(std::string_view key, std::string_view value);

  size_t count() const { return count_; }
  Id id(size_t i) const;
  bool captured(size_t i) const;
  /// The body's length as it came in.
  uint32_t body_bytes(size_t i) const;
  /// Where this id is, if it is here.
  std::optional<size_t> find(Id id) const;
  /// The first one at or after `id`; count() when there is none.
  size_t lower_bound(Id id) const;
  /// The checked metadata bytes; valid while the pack is.
  Result<std::string_view> meta(size_t i) const;
  /// A checked copy of the whole event.
  Result<EventPtr> event(size_t i) const;

 private:
  std::string_view value_, stored_;
  mutable std::string unpacked_;  // the frame's content, from the first payload asked for
  std::vector<size_t> offsets_;   // into the payloads
  size_t count_ = 0, table_at_ = 0;
  bool framed_ = false;

  const char* entry(size_t i) const;
  Result<std::string_view> payload(size_t i) const;
};

}  // namespace penstock::queue
