// Reads a text/event-stream as its bytes come, in whatever portions (WHATWG HTML, "server-sent
// events"). Pure, single owner.
// Limitations: an event is at most limits::sse_event_bytes_max; `retry` is not kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace penstock::executor {

struct SseEvent {
  std::string type = {};  ///< empty: message
  std::string data = {};
  std::string id = {};
};

class SseReader {
 public:
  /// Events that are whole now are added to `events`. kInvalid: one is too large; no more is read.
  Status feed(std::string_view bytes, std::vector<SseEvent>& events);

 private:
  void line(std::string_view line, std::vector<SseEvent>& events);

  std::string line_;  // its end has not come yet
  SseEvent event_;
  bool has_data_ = false;
  bool after_cr_ = false;  // a line feed that comes now belongs to the line before
  bool at_start_ = true;
};

}  // namespace penstock::executor
