#include "executor/tasks/sse_reader.h"

#include <utility>

#include "proto/limits.h"

namespace penstock::executor {

Status SseReader::feed(std::string_view bytes, std::vector<SseEvent>& events) {
  while (!bytes.empty()) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
    const size_t end = bytes.find_first_of("\r\n");
    const std::string_view part = bytes.substr(0, end);
    if (line_.size() + event_.data.size() + part.size() > limits::sse_event_bytes_max) {
      return Status::invalid("an event of the stream is larger than " +
                             std::to_string(limits::sse_event_bytes_max >> 10) + " KiB");
    }
    line_.append(part);
    if (end == bytes.npos) return Status();
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    line(line_, events);
    line_.clear();
  }
  return Status();
}

void SseReader::line(std::string_view line, std::vector<SseEvent>& events) {
  if (std::exchange(at_start_, false) && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (line.empty()) {
    if (has_data_) {
      event_.data.pop_back();  // the line feed behind its last line
      std::string id = event_.id;
      events.push_back(std::exchange(event_, {}));
      event_.id = std::move(id);  // holds until another one comes
    }
    event_.type.clear();
    has_data_ = false;
    return;
  }
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    event_.data.append(value).push_back('\n');
    has_data_ = true;
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "id" && value.find('\0') == value.npos) {
    event_.id = value;
  }
}

}  // namespace penstock::executor
