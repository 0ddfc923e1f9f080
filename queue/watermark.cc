#include "queue/watermark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "proto/crc32c.h"
#include "queue/bytes.h"

namespace penstock::queue {
namespace {

// Two slots, written in turn, a sector each: a torn write damages one.
// A slot: "PWM1", the sequence, CRC-32C of both.
constexpr char kMagic[] = "PWM1";
constexpr size_t kSequenceAt = 4, kCrcAt = 12, kSlotBytes = 16;
constexpr off_t kSlotEvery = 512;

void write_slot(char* slot, uint64_t sequence) {
  std::memcpy(slot, kMagic, kSequenceAt);
  put_u64(slot + kSequenceAt, sequence);
  put_u32(slot + kCrcAt, crc32c({slot, kCrcAt}));
}

std::optional<uint64_t> read_slot(const char* slot) {
  if (std::memcmp(slot, kMagic, kSequenceAt) != 0) return std::nullopt;
  if (get_u32(slot + kCrcAt) != crc32c({slot, kCrcAt})) return std::nullopt;
  return get_u64(slot + kSequenceAt);
}

off_t slot_at(uint64_t sequence) { return static_cast<off_t>(sequence % 2) * kSlotEvery; }

}  // namespace

Result<Watermark> Watermark::open(const std::string& path) {
  Watermark mark;
  mark.path_ = path;
  auto file = open_file(path, O_RDWR | O_CREAT);
  if (!file) return file.status();
  mark.file_ = *std::move(file);
  struct stat info;
  if (fstat(mark.file_.fd(), &info) != 0) return system_fault("look at", path, errno);
  mark.is_new_ = info.st_size == 0;  // just made, or by a process that died right then
  if (mark.is_new_) PENSTOCK_TRY(mark.reset(0));
  else PENSTOCK_TRY(mark.read());
  return mark;
}

Status Watermark::read() {
  std::optional<uint64_t> newest;
  for (const off_t at : {off_t{0}, kSlotEvery}) {
    char slot[kSlotBytes] = {};
    if (pread(file_.fd(), slot, kSlotBytes, at) < 0) return system_fault("read", path_, errno);
    const auto sequence = read_slot(slot);
    if (sequence && (!newest || *sequence > *newest)) newest = sequence;
  }
  if (!newest)
    return Status::corrupt(path_ + " is damaged: it cannot be told whether commits are missing");
  sequence_ = *newest;
  return {};
}

Status Watermark::set(uint64_t sequence) {
  char slot[kSlotBytes];
  write_slot(slot, sequence);
  if (pwrite(file_.fd(), slot, kSlotBytes, slot_at(sequence)) != ssize_t{kSlotBytes})
    return system_fault("write", path_, errno);
  sequence_ = sequence;
  dirty_ = true;
  return {};
}

Status Watermark::sync() {
  if (!dirty_) return {};
  dirty_ = false;
  if (fdatasync(file_.fd()) != 0) return system_fault("sync", path_, errno);
  return {};
}

Status Watermark::reset(uint64_t sequence) {
  char slot[kSlotBytes];
  write_slot(slot, sequence);
  for (const off_t at : {off_t{0}, kSlotEvery})
    if (pwrite(file_.fd(), slot, kSlotBytes, at) != ssize_t{kSlotBytes})
      return system_fault("write", path_, errno);
  sequence_ = sequence;
  if (fsync(file_.fd()) != 0) return system_fault("sync", path_, errno);
  return sync_folder(path_.substr(0, path_.find_last_of('/')));
}

}  // namespace penstock::queue
