// The live line of a run, on stderr: rewritten in place on a terminal, a plain line a second
// elsewhere. One thread.
#pragma once

#include "bench/load/runner.h"

namespace penstock::bench {

class ProgressLine {
 public:
  /// `shown` false: writes nothing.
  ProgressLine(bool shown, bool terminal, bool color)
      : shown_(shown), terminal_(terminal), color_(color) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);
  void show_verifying(uint64_t asked, uint64_t of, uint64_t open);
  /// Takes the line away, so that something else can be written.
  void clear();

  /// The text itself, without the terminal's codes.
  static std::string text(const Progress& progress, bool bar);

 private:
  void write(const std::string& text);

  bool shown_;
  bool terminal_;
  bool color_;
  bool dirty_ = false;
};

}  // namespace penstock::bench
