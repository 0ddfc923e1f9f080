// Decodes a chunked body (RFC 9112, section 7.1) more strictly than llhttp does: CRLF only, sizes
// of at most 16 hex digits, extensions read by their grammar and bounded over the whole message,
// trailer fields checked, bounded and dropped.
//
// Lifecycle: one a body; feed it until done(). Thread: any, no I/O.
// Limitations: extensions and trailers are not handed on; nobody has asked for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/http/refusal.h"
#include "proto/body.h"

namespace penstock::gateway {

class ChunkReader {
 public:
  /// `bytes_max`: 413 beyond, as soon as a chunk's size says so.
  explicit ChunkReader(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// Takes what belongs to this body off the front of `in` and appends the decoded part to `body`.
  Check feed(std::string_view& in, Body& body);
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State : uint8_t {
    kSize,       ///< hex digits
    kExtension,  ///< behind ';' or spaces: a name is to come
    kExtensionName,
    kExtensionValue,  ///< behind '='
    kExtensionToken,
    kQuoted,
    kQuotedPair,  ///< behind a backslash
    kAfterQuoted,
    kBadSpace,        ///< spaces in front of ';', which RFC 9112 has us accept
    kSpaceAfterName,  ///< the same in front of '='
    kSizeLf,          ///< the CR of the size line was there
    kData,
    kDataCr,
    kDataLf,
    kTrailer,  ///< in a trailer line
    kTrailerLf,
    kDone,
  };

  Check take(char c);
  Check take_size(char c);
  Check take_extension(char c);
  Check take_space(char c);
  Check take_quoted(char c);
  Check take_element_start(char c);
  Check after_element(char c);
  Check end_of_size_line();
  Check take_trailer(char c);
  Check end_of_trailer_line();
  void take_data(std::string_view& in, Body& body);

  uint64_t bytes_max_;
  uint64_t left_ = 0;  ///< of the chunk under way
  uint64_t decoded_ = 0;
  uint32_t extension_bytes_ = 0;  ///< of all chunks
  uint32_t trailer_bytes_ = 0;
  uint8_t digits_ = 0;
  State state_ = State::kSize;
  std::string trailer_;  ///< the trailer line under way
};

}  // namespace penstock::gateway
