#include "bench/http/response_parser.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace penstock::bench {

static constexpr size_t kLineMax = 8 * 1024;

static bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The run a Location such as "/v1/runs/{id}" or "http://h/v1/runs/{id}" names.
static Id run_of(std::string_view location) {
  constexpr std::string_view kRuns = "/v1/runs/";
  const size_t at = location.find(kRuns);
  if (at == std::string_view::npos) return Id();
  return Id::from_text(location.substr(at + kRuns.size(), 36)).value_or(Id());
}

void ResponseParser::next() {
  state_ = State::kHead;
  chunked_ = has_length_ = false;
  left_ = body_seen_ = 0;
  head_ = ResponseHead();
  line_.clear();
  body_.clear();
}

size_t ResponseParser::feed(std::string_view input) {
  size_t used = 0;
  while (used < input.size() && !done() && !broken()) {
    const std::string_view rest = input.substr(used);
    switch (state_) {
      case State::kHead:
        used += feed_head(rest);
        break;
      case State::kLength:
      case State::kChunkData:
      case State::kUntilClose:
        used += take_body(rest);
        break;
      case State::kChunkSize:
      case State::kChunkEnd:
      case State::kTrailer:
        used += feed_line(rest);
        break;
      case State::kDone:
      case State::kBroken:
        break;
    }
  }
  return used;
}

bool ResponseParser::on_close() {
  if (state_ != State::kUntilClose) return false;
  state_ = State::kDone;
  return true;
}

size_t ResponseParser::feed_head(std::string_view input) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  if (line_.empty()) {
    if (const size_t end = input.find(kEnd); end != std::string_view::npos) {
      read_head(input.substr(0, end + 2));
      return end + kEnd.size();
    }
  }
  // The end may lie across two reads: look from three bytes before what is new.
  const size_t before = line_.size(), from = before < 3 ? 0 : before - 3;
  const size_t take = std::min(input.size(), head_bytes_max + 4 - before);
  line_.append(input.substr(0, take));
  const size_t end = line_.find(kEnd, from);
  if (end == std::string::npos) {
    if (line_.size() >= head_bytes_max) state_ = State::kBroken;
    return take;
  }
  const std::string head = std::move(line_);
  line_.clear();
  read_head(std::string_view(head).substr(0, end + 2));
  return end + kEnd.size() - before;
}

void ResponseParser::read_head(std::string_view text) {
  const bool version = text.size() >= 12 && text.starts_with("HTTP/1.") && text[8] == ' ';
  const auto read = version ? std::from_chars(text.data() + 9, text.data() + 12, head_.status)
                            : std::from_chars_result{nullptr, std::errc::invalid_argument};
  if (read.ec != std::errc() || head_.status < 100 || head_.status > 599) {
    state_ = State::kBroken;
    return;
  }
  head_.close = text[7] == '0';
  size_t at = text.find("\r\n") + 2;
  while (at < text.size()) {
    const size_t end = text.find("\r\n", at);
    const std::string_view line = text.substr(at, end - at);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      state_ = State::kBroken;
      return;
    }
    read_field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    at = end + 2;
  }
  if (!broken()) begin_body();
}

void ResponseParser::read_field(std::string_view name, std::string_view value) {
  switch (name.size()) {  // most fields are told apart by their length alone
    case 8:
      if (same(name, "location")) head_.run = run_of(value);
      break;
    case 10:
      if (same(name, "connection")) head_.close = same(value, "close");
      break;
    case 11:
      if (same(name, "retry-after"))
        std::from_chars(value.data(), value.data() + value.size(), head_.retry_after_s);
      break;
    case 12:
      if (same(name, "penstock-run")) head_.run = Id::from_text(value).value_or(Id());
      break;
    case 14: {
      if (!same(name, "content-length")) break;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), left_);
      has_length_ = true;
      if (read.ec != std::errc() || read.ptr != value.data() + value.size())
        state_ = State::kBroken;
      break;
    }
    case 17:
      if (same(name, "transfer-encoding")) chunked_ = same(value, "chunked");
      break;
    case 18:
      if (same(name, "penstock-duplicate")) head_.duplicate = same(value, "true");
      break;
    default:
      break;
  }
}

void ResponseParser::begin_body() {
  if (head_.status < 200) return next();  // 100 Continue: the real one follows
  if (head_.status == 204 || head_.status == 304)
    state_ = State::kDone;
  else if (chunked_)
    state_ = State::kChunkSize;
  else if (has_length_ && left_ > body_bytes_max)
    state_ = State::kBroken;
  else if (has_length_)
    state_ = left_ ? State::kLength : State::kDone;
  else {
    state_ = State::kUntilClose;
    head_.close = true;
  }
}

size_t ResponseParser::take_body(std::string_view input) {
  const bool bounded = state_ != State::kUntilClose;
  const size_t take = bounded ? std::min<uint64_t>(input.size(), left_) : input.size();
  body_seen_ += take;
  if (body_.size() + take > body_bytes_max) {
    state_ = State::kBroken;
    return take;
  }
  body_.append(input.data(), take);
  if (!bounded) return take;
  left_ -= take;
  if (left_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kChunkEnd;
  return take;
}

size_t ResponseParser::feed_line(std::string_view input) {
  const size_t end = input.find('\n');
  const size_t take = end == std::string_view::npos ? input.size() : end + 1;
  if (line_.size() + take > kLineMax) {
    state_ = State::kBroken;
    return take;
  }
  line_.append(input.substr(0, take));
  if (end == std::string_view::npos) return take;
  std::string line = std::move(line_);
  line_.clear();
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  on_line(line);
  return take;
}

void ResponseParser::on_line(std::string_view line) {
  if (state_ == State::kChunkEnd) {
    state_ = line.empty() ? State::kChunkSize : State::kBroken;
    return;
  }
  if (state_ == State::kTrailer) {
    if (line.empty()) state_ = State::kDone;
    return;
  }
  const auto read = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
  const bool ends = read.ptr == line.data() + line.size() || *read.ptr == ';' || *read.ptr == ' ';
  if (read.ec != std::errc() || !ends || left_ > body_bytes_max)
    state_ = State::kBroken;
  else
    state_ = left_ ? State::kChunkData : State::kTrailer;
}

}  // namespace penstock::bench
