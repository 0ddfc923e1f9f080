// Reads HTTP/1.1 responses out of a byte stream, one at a time. Written for a client that shares
// its cores with the server it measures: a whole response in one read is scanned once and its head
// is never copied.
//
// Lifecycle: one a connection; next() after each finished response. One thread.
// Limitations: keeps only the fields a load generator looks at; trailers are skipped; a body beyond
// body_bytes_max is broken input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/id.h"

namespace penstock::bench {

/// The fields of a response's head that matter here.
struct ResponseHead {
  int status = 0;
  bool close = false;      ///< the connection ends behind this response
  bool duplicate = false;  ///< Penstock-Duplicate: true
  Id run;                  ///< from Location or Penstock-Run; zero when neither names a run
  uint32_t retry_after_s = 0;
};

class ResponseParser {
 public:
  static constexpr size_t head_bytes_max = 64 * 1024;
  static constexpr size_t body_bytes_max = 64 * 1024 * 1024;

  enum class State : uint8_t {
    kHead,       ///< collecting the head
    kLength,     ///< a body of known length
    kChunkSize,  ///< a chunk's size line
    kChunkData,
    kChunkEnd,  ///< the line end behind a chunk
    kTrailer,
    kUntilClose,  ///< the body ends with the connection
    kDone,
    kBroken,
  };

  /// Takes from the front of `input` up to the end of one response; returns how much it took.
  size_t feed(std::string_view input);
  /// The peer closed. True: that ended a response; look at state().
  bool on_close();
  /// Gets ready for the next response.
  void next();

  State state() const { return state_; }
  bool done() const { return state_ == State::kDone; }
  bool broken() const { return state_ == State::kBroken; }
  bool head_read() const { return state_ != State::kHead && state_ != State::kBroken; }
  /// Whether nothing of a response has been seen since next().
  bool untouched() const { return state_ == State::kHead && line_.empty(); }
  const ResponseHead& head() const { return head_; }
  /// The decoded body so far; a reader of streams may clear it as it goes.
  std::string& body() { return body_; }

 private:
  size_t feed_head(std::string_view input);
  size_t feed_line(std::string_view input);
  size_t take_body(std::string_view input);
  void read_head(std::string_view text);
  void read_field(std::string_view name, std::string_view value);
  void on_line(std::string_view line);
  void begin_body();

  State state_ = State::kHead;
  bool chunked_ = false;
  bool has_length_ = false;
  uint64_t left_ = 0;  // of the body or the chunk
  uint64_t body_seen_ = 0;
  ResponseHead head_;
  std::string line_;  // an unfinished head or line
  std::string body_;
};

}  // namespace penstock::bench
