// Reads the names of server-sent events as their bytes arrive. A value; one a stream.
// Limitations: looks at names only, not at data or ids.
#pragma once

#include <string>
#include <string_view>

#include "bench/load/conversation.h"

namespace penstock::bench {

class EventStream {
 public:
  static constexpr size_t name_bytes_max = 256;

  void feed(std::string_view bytes);
  /// Whether an event has come that is more than a change of status.
  bool began() const { return began_; }
  StreamEnd end() const { return end_; }

 private:
  void on_line();

  std::string line_;  // only as much of a line as a name needs
  bool began_ = false;
  StreamEnd end_ = StreamEnd::kNone;
};

}  // namespace penstock::bench
