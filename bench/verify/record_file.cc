#include "bench/verify/record_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "proto/crc32c.h"

namespace penstock::bench {

static constexpr std::string_view kMagic = "PSBREC1\n";
static constexpr size_t kEntry = 32, kChecked = 28;

static void append_number(uint64_t number, size_t bytes, std::string& out) {
  for (size_t i = 0; i < bytes; i++) out.push_back(static_cast<char>(number >> (8 * i)));
}

static uint64_t read_number(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

Result<std::unique_ptr<RecordFile>> RecordFile::create(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    return Status::io("cannot create " + path + ": " + std::strerror(errno) +
                      (errno == EEXIST ? "; name a new file, records are never overwritten" : ""));
  std::unique_ptr<RecordFile> record(new RecordFile(file, path));
  record->pending_ = kMagic;
  PENSTOCK_TRY(record->flush());
  return record;
}

RecordFile::~RecordFile() {
  (void)flush();
  close(file_);
}

void RecordFile::put(uint64_t seq, const Id& run) {
  const size_t at = pending_.size();
  append_number(seq, 8, pending_);
  pending_.append(run.raw());
  append_number(count_++, 4, pending_);
  append_number(crc32c(std::string_view(pending_).substr(at, kChecked)), 4, pending_);
}

Status RecordFile::flush() {
  size_t at = 0;
  while (at < pending_.size()) {
    const ssize_t wrote = write(file_, pending_.data() + at, pending_.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Status::io("cannot write " + path_ + ": " + std::strerror(errno));
    at += static_cast<size_t>(wrote);
  }
  pending_.clear();
  return {};
}

Result<uint64_t> RecordFile::read(const std::string& path, Ledger& ledger) {
  std::ifstream file(path, std::ios::binary);
  char magic[kMagic.size()];
  if (!file.read(magic, sizeof(magic)) || std::string_view(magic, sizeof(magic)) != kMagic)
    return Status::invalid(path + " is no record of penstock-bench --record");
  char entry[kEntry];
  uint32_t count = 0;
  while (file.read(entry, kEntry)) {
    const std::string_view bytes(entry, kEntry);
    const bool sound = read_number(bytes.substr(28, 4)) == crc32c(bytes.substr(0, kChecked)) &&
                       read_number(bytes.substr(24, 4)) == count;
    const uint64_t seq = read_number(bytes.substr(0, 8));
    if (!sound || seq == 0 || seq > Ledger::events_max)
      return Status::corrupt(path + ": entry " + std::to_string(count) + " is damaged");
    ledger.put(seq, Id::from_raw(bytes.substr(8, 16)));
    count++;
  }
  return uint64_t{count};
}

}  // namespace penstock::bench
