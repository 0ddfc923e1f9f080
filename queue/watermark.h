// The sequence of the newest commit that was acknowledged, in a small file of its own beside the
// log: a log that was cut shorter than this has lost what somebody was promised.
//
// Lifecycle: opened before the log is recovered, set after each commit, synced about once a second
// (a process that dies loses nothing; after a power cut it may be a second behind, never ahead).
// Thread: the commit thread's. Limitations: it tells that commits are missing, not which events.
#pragma once

#include <cstdint>
#include <string>

#include "queue/file.h"

namespace penstock::queue {

class Watermark {
 public:
  /// Opens or creates the file. kCorrupt when neither of its two slots can be read.
  static Result<Watermark> open(const std::string& path);

  uint64_t sequence() const { return sequence_; }
  /// True when this open() made it.
  bool is_new() const { return is_new_; }
  Status set(uint64_t sequence);
  Status sync();
  /// Starts from `sequence` again, in both slots; for an operator who accepts a loss.
  Status reset(uint64_t sequence);

 private:
  Status read();

  File file_;
  std::string path_;
  uint64_t sequence_ = 0;
  bool is_new_ = false;
  bool dirty_ = false;
};

}  // namespace penstock::queue
