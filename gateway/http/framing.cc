#include "gateway/http/framing.h"

#include "gateway/http/chars.h"

namespace penstock::gateway {

static constexpr size_t kLengthDigitsMax = 18;  // below 2^63 whatever the digits

Check Framing::add_content_length(std::string_view value) {
  if (content_length_) return bad_request("Content-Length is given twice");
  if (value.empty() || !chars::all(value, chars::kDigit)) {
    return bad_request("Content-Length must be one number, digits only");
  }
  const size_t significant = value.find_first_not_of('0');
  if (significant != value.npos && value.size() - significant > kLengthDigitsMax) {
    return Refusal{Code::kPayloadTooLarge, "Content-Length is beyond any limit"};
  }
  uint64_t length = 0;
  for (const char c : value) length = length * 10 + static_cast<uint64_t>(c - '0');
  content_length_ = length;
  return std::nullopt;
}

/// Whether `value` is a list of plain tokens that ends in its only "chunked".
static bool chunked_behind_others(std::string_view value) {
  for (;;) {
    const size_t comma = value.find(',');
    const std::string_view coding = chars::trim(value.substr(0, comma));
    if (coding.empty() || !chars::all(coding, chars::kToken)) return false;
    const bool last = comma == value.npos;
    if (chars::same(coding, "chunked") != last) return false;
    if (last) return true;
    value.remove_prefix(comma + 1);
  }
}

Check Framing::add_transfer_encoding(std::string_view value) {
  if (chunked_) return bad_request("Transfer-Encoding is given twice");
  chunked_ = true;
  if (chars::same(value, "chunked")) return std::nullopt;
  if (chunked_behind_others(value)) {
    return Refusal{Code::kNotImplemented, "no transfer coding but chunked is understood"};
  }
  return bad_request("Transfer-Encoding must be chunked, once");
}

Check Framing::finish(bool http_1_0) const {
  if (chunked_ && content_length_) {
    return bad_request("Transfer-Encoding and Content-Length must not stand together");
  }
  if (chunked_ && http_1_0) return bad_request("Transfer-Encoding does not exist in HTTP/1.0");
  return std::nullopt;
}

}  // namespace penstock::gateway
