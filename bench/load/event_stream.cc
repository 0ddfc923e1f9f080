#include "bench/load/event_stream.h"

namespace penstock::bench {

void EventStream::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (c == '\n') {
      on_line();
      line_.clear();
    } else if (c != '\r' && line_.size() < name_bytes_max) {
      line_.push_back(c);
    }
  }
}

void EventStream::on_line() {
  if (!line_.starts_with("event:")) return;
  std::string_view name = std::string_view(line_).substr(6);
  if (name.starts_with(' ')) name.remove_prefix(1);
  if (name == "result") end_ = StreamEnd::kResult;
  if (name == "error") end_ = StreamEnd::kError;
  if (name == "delta" || name == "result") began_ = true;
}

}  // namespace penstock::bench
