// The ledger on disk (--record FILE), so that what was acknowledged can be verified later and
// survives a crash of the client. Eight bytes of magic, then 32 bytes an event: sequence number (8,
// little endian), run id (16), its place in the file (4), CRC32C of the 28 before (4).
//
// Lifecycle: create(), put() for each ack, flush() at the end of each turn of the loop: what is
// flushed outlives the process, but not the machine. One thread.
// Limitations: a torn tail is dropped; any other damage is an error.
#pragma once

#include <memory>
#include <string>

#include "bench/verify/ledger.h"
#include "proto/status.h"

namespace penstock::bench {

class RecordFile {
 public:
  static Result<std::unique_ptr<RecordFile>> create(const std::string& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  void put(uint64_t seq, const Id& run);
  Status flush();

  /// Reads all that was recorded into `ledger`; returns how many events.
  static Result<uint64_t> read(const std::string& path, Ledger& ledger);

 private:
  RecordFile(int file, std::string path) : file_(file), path_(std::move(path)) {}

  int file_;
  std::string path_;
  uint32_t count_ = 0;
  std::string pending_;
};

}  // namespace penstock::bench
