#include "gateway/http/chunk_reader.h"

#include <algorithm>

#include "gateway/http/chars.h"
#include "proto/limits.h"

namespace penstock::gateway {

using chars::is;

static constexpr int kSizeDigitsMax = 16;  // 64 bits

Check ChunkReader::feed(std::string_view& in, Body& body) {
  while (!in.empty() && state_ != State::kDone) {
    if (state_ == State::kData) {
      take_data(in, body);
      continue;
    }
    const char c = in.front();
    in.remove_prefix(1);
    if (Check wrong = take(c)) return wrong;
  }
  return std::nullopt;
}

void ChunkReader::take_data(std::string_view& in, Body& body) {
  const size_t size = static_cast<size_t>(std::min<uint64_t>(left_, in.size()));
  body.append(in.substr(0, size));
  in.remove_prefix(size);
  left_ -= size;
  if (left_ == 0) state_ = State::kDataCr;
}

Check ChunkReader::take(char c) {
  switch (state_) {
    case State::kSize:
      return take_size(c);
    case State::kSizeLf:
      if (c != '\n') return bad_request("a chunk's size line must end in CRLF");
      return end_of_size_line();
    case State::kDataCr:
      if (c != '\r') return bad_request("a chunk is longer than its size says");
      state_ = State::kDataLf;
      return std::nullopt;
    case State::kDataLf:
      if (c != '\n') return bad_request("a chunk must end in CRLF");
      state_ = State::kSize;
      return std::nullopt;
    case State::kTrailer:
    case State::kTrailerLf:
      return take_trailer(c);
    default:
      return take_extension(c);
  }
}

static uint64_t hex_value(char c) {
  if (c <= '9') return static_cast<uint64_t>(c - '0');
  return static_cast<uint64_t>(chars::lower(c) - 'a' + 10);
}

Check ChunkReader::take_size(char c) {
  if (is(c, chars::kHex)) {
    if (++digits_ > kSizeDigitsMax) return bad_request("a chunk's size has more than 16 digits");
    left_ = left_ << 4 | hex_value(c);
    return std::nullopt;
  }
  if (digits_ == 0) return bad_request("a chunk's size is not a hexadecimal number");
  return after_element(c);
}

/// What may follow a size, an extension's name or its value.
Check ChunkReader::after_element(char c) {
  const bool named = state_ == State::kExtensionName;
  switch (c) {
    case '\r':
      state_ = State::kSizeLf;
      break;
    case ';':
      state_ = State::kExtension;
      break;
    case ' ':
    case '\t':
      state_ = named ? State::kSpaceAfterName : State::kBadSpace;
      break;
    case '=':
      if (!named) return bad_request("a chunk extension is malformed");
      state_ = State::kExtensionValue;
      break;
    default:
      return bad_request("a chunk's size line is malformed");
  }
  return std::nullopt;
}

Check ChunkReader::take_extension(char c) {
  if (++extension_bytes_ > limits::chunk_extension_bytes_max) {
    return bad_request("the chunk extensions are longer than the limit");
  }
  switch (state_) {
    case State::kBadSpace:
    case State::kSpaceAfterName:
      return take_space(c);
    case State::kExtension:
    case State::kExtensionValue:
      return take_element_start(c);
    case State::kQuoted:
    case State::kQuotedPair:
      return take_quoted(c);
    case State::kExtensionName:
    case State::kExtensionToken:
      if (is(c, chars::kToken)) return std::nullopt;
      return after_element(c);
    default:
      return after_element(c);
  }
}

Check ChunkReader::take_space(char c) {
  if (c == ' ' || c == '\t') return std::nullopt;
  const bool named = state_ == State::kSpaceAfterName;
  if (c != ';' && !(named && c == '=')) return bad_request("a space stands behind a chunk's size");
  state_ = c == ';' ? State::kExtension : State::kExtensionValue;
  return std::nullopt;
}

/// The first byte of an extension's name or value, behind any spaces.
Check ChunkReader::take_element_start(char c) {
  if (c == ' ' || c == '\t') return std::nullopt;
  const bool value = state_ == State::kExtensionValue;
  if (value && c == '"') {
    state_ = State::kQuoted;
    return std::nullopt;
  }
  if (!is(c, chars::kToken)) return bad_request("a chunk extension is malformed");
  state_ = value ? State::kExtensionToken : State::kExtensionName;
  return std::nullopt;
}

Check ChunkReader::take_quoted(char c) {
  if (!is(c, chars::kField)) return bad_request("a chunk extension has a control byte");
  if (state_ == State::kQuotedPair) {
    state_ = State::kQuoted;
  } else if (c == '"') {
    state_ = State::kAfterQuoted;
  } else if (c == '\\') {
    state_ = State::kQuotedPair;
  }
  return std::nullopt;
}

Check ChunkReader::end_of_size_line() {
  digits_ = 0;
  if (left_ == 0) {
    state_ = State::kTrailer;
    return std::nullopt;
  }
  if (left_ > bytes_max_ - decoded_) {
    return Refusal{Code::kPayloadTooLarge, "the body is larger than the limit"};
  }
  decoded_ += left_;
  state_ = State::kData;
  return std::nullopt;
}

Check ChunkReader::take_trailer(char c) {
  if (++trailer_bytes_ > limits::trailer_bytes_max) {
    return Refusal{Code::kHeadersTooLarge, "the trailer fields are larger than the limit"};
  }
  if (state_ == State::kTrailerLf) {
    if (c != '\n') return bad_request("a CR is not followed by LF in the trailer");
    return end_of_trailer_line();
  }
  if (c == '\r') {
    state_ = State::kTrailerLf;
    return std::nullopt;
  }
  if (!is(c, chars::kField)) return bad_request("the trailer contains a control byte or a bare LF");
  trailer_.push_back(c);
  return std::nullopt;
}

/// Whether a field must not come in a trailer (RFC 9110, 6.5.1): framing, routing, credentials,
/// and what decides how the body is read.
static bool forbidden(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "transfer-encoding",  "content-length", "host",          "trailer",    "te",
      "connection",         "upgrade",        "expect",        "range",      "max-forwards",
      "authorization",      "cookie",         "set-cookie",    "x-api-key",  "cache-control",
      "content-encoding",   "content-type",   "content-range", "keep-alive", "idempotency-key",
      "proxy-authorization"};
  for (const std::string_view refused : kNames) {
    if (chars::same(name, refused)) return true;
  }
  return false;
}

Check ChunkReader::end_of_trailer_line() {
  if (trailer_.empty()) {
    state_ = State::kDone;
    return std::nullopt;
  }
  const std::string_view line = trailer_;
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == line.npos || name.empty() || !chars::all(name, chars::kToken)) {
    return bad_request("a trailer line is malformed");
  }
  if (forbidden(name)) return bad_request("a field that must not come in a trailer is there");
  trailer_.clear();
  state_ = State::kTrailer;
  return std::nullopt;
}

}  // namespace penstock::gateway
