#include "gateway/http/head_check.h"

#include "gateway/http/chars.h"
#include "gateway/http/method.h"
#include "gateway/http/target.h"

namespace penstock::gateway {

static constexpr size_t kMethodBytesMax = 32;  // the longest registered one has 17

HeadCheck::Verdict HeadCheck::scan(std::string_view bytes, const HeadLimits& limits) {
  Check wrong;
  bool more = false;
  while (!wrong && !more && where_ != Where::kEnd) wrong = next_line(bytes, limits, more);
  if (!wrong && scanned_ > limits.head_bytes_max) {
    wrong = Refusal{Code::kHeadersTooLarge, "the request head is larger than the limit"};
  }
  if (!wrong) return more ? Verdict::kMore : Verdict::kWhole;
  refusal_ = *wrong;
  return Verdict::kRefused;
}

/// Takes one line if it is whole; `more` says that it is not.
Check HeadCheck::next_line(std::string_view bytes, const HeadLimits& limits, bool& more) {
  while (scanned_ < bytes.size() && chars::is(bytes[scanned_], chars::kField)) scanned_++;
  const bool at_end = scanned_ == bytes.size();
  if (at_end || (bytes[scanned_] == '\r' && scanned_ + 1 == bytes.size())) {
    more = true;
    return check_partial(bytes.substr(0, scanned_), limits);
  }
  if (bytes[scanned_] == '\n') return bad_request("a line ends in LF without CR");
  if (bytes[scanned_] != '\r') return bad_request("the head contains a control byte");
  if (bytes[scanned_ + 1] != '\n') return bad_request("a CR is not followed by LF");
  const std::string_view line = bytes.substr(line_, scanned_ - line_);
  const Check wrong = take_line(line, limits);
  scanned_ += 2;
  line_ = scanned_;
  return wrong;
}

static Check check_method(std::string_view method) {
  if (method.empty() || !chars::all(method, chars::kToken)) {
    return bad_request("the method is not a token");
  }
  if (method.size() > kMethodBytesMax) return bad_request("the method is too long");
  return std::nullopt;
}

/// What can be told of a line whose end has not come.
Check HeadCheck::check_partial(std::string_view bytes, const HeadLimits& limits) const {
  if (where_ == Where::kFields || bytes.size() == line_) return std::nullopt;
  const std::string_view line = bytes.substr(line_);
  const std::string_view method = line.substr(0, line.find(' '));
  if (Check wrong = check_method(method)) return wrong;
  if (line.size() > limits.target_bytes_max + method.size() + sizeof(" HTTP/1.1\r")) {
    return Refusal{Code::kUriTooLong, "the request target is longer than the limit"};
  }
  return std::nullopt;
}

Check HeadCheck::take_line(std::string_view line, const HeadLimits& limits) {
  if (line.empty()) return take_empty_line();
  if (where_ == Where::kFields) return take_field(line, limits);
  where_ = Where::kFields;
  return take_request_line(line, limits);
}

Check HeadCheck::take_empty_line() {
  if (where_ == Where::kFields) {
    where_ = Where::kEnd;
    return finish();
  }
  // RFC 9112, 2.2: one empty line in front is forgiven, old clients end their bodies with it.
  if (where_ == Where::kAfterEmptyLine) return bad_request("more than one empty line in front");
  where_ = Where::kAfterEmptyLine;
  return std::nullopt;
}

Check HeadCheck::take_request_line(std::string_view line, const HeadLimits& limits) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == line.npos || first == last) {
    return bad_request("the request line must be METHOD TARGET HTTP/1.1");
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (Check wrong = check_method(method)) return wrong;
  if (target.size() > limits.target_bytes_max) {
    return Refusal{Code::kUriTooLong, "the request target is longer than the limit"};
  }
  if (Check wrong = take_version(line.substr(last + 1))) return wrong;
  facts_.method = method_of(method);
  if (facts_.method == Method::kOther) {
    return Refusal{Code::kNotImplemented, "the method is not implemented here"};
  }
  facts_.start = line_;
  facts_.target_at = static_cast<uint32_t>(line_ + first + 1);
  facts_.target_size = static_cast<uint32_t>(target.size());
  Target parts;
  return split_target(target, facts_.method, parts);
}

Check HeadCheck::take_version(std::string_view version) {
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                           chars::is(version[5], chars::kDigit) && version[6] == '.' &&
                           chars::is(version[7], chars::kDigit);
  if (!well_formed) return bad_request("the request line must end in HTTP/1.1");
  if (version[5] != '1' || version[7] > '1') {
    return Refusal{Code::kVersionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  facts_.http_1_0 = facts_.close = version[7] == '0';
  return std::nullopt;
}

Check HeadCheck::take_field(std::string_view line, const HeadLimits& limits) {
  if (line.front() == ' ' || line.front() == '\t') return bad_request("a header line is folded");
  if (++fields_ > limits.header_fields_max) {
    return Refusal{Code::kHeadersTooLarge, "there are more header fields than the limit"};
  }
  const size_t colon = line.find(':');
  if (colon == line.npos) return bad_request("a header line has no colon");
  const std::string_view name = line.substr(0, colon);
  if (name.empty() || !chars::all(name, chars::kToken)) {
    return bad_request("a header name is not a token, or a space stands before its colon");
  }
  return take_known_field(name, chars::trim(line.substr(colon + 1)));
}

/// Whether the comma-separated list names `token` (lower case).
static bool lists(std::string_view value, std::string_view token) {
  for (;;) {
    const size_t comma = value.find(',');
    if (chars::same(chars::trim(value.substr(0, comma)), token)) return true;
    if (comma == value.npos) return false;
    value.remove_prefix(comma + 1);
  }
}

Check HeadCheck::take_known_field(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4:
      if (chars::same(name, "host")) return take_host(value);
      break;
    case 6:
      if (chars::same(name, "expect")) return take_expect(value);
      break;
    case 7:
      // An offer of HTTP/2 is passed over, as RFC 9110 7.8 allows (Java's client makes one by
      // default); whoever wants another protocol would not understand our answer in this one.
      if (chars::same(name, "upgrade") && !chars::same(value, "h2c")) {
        return Refusal{Code::kNotImplemented, "no upgrade to another protocol is offered"};
      }
      break;
    case 10:
      if (chars::same(name, "connection") && lists(value, "close")) facts_.close = true;
      break;
    case 14:
      if (chars::same(name, "content-length")) return facts_.framing.add_content_length(value);
      break;
    case 17:
      if (chars::same(name, "transfer-encoding"))
        return facts_.framing.add_transfer_encoding(value);
      break;
    default:
      break;
  }
  return std::nullopt;
}

Check HeadCheck::take_host(std::string_view value) {
  if (has_host_) return bad_request("Host is given twice");
  has_host_ = true;
  return check_host(value);
}

Check HeadCheck::take_expect(std::string_view value) {
  if (chars::same(value, "100-continue")) {
    facts_.expects_continue = true;
  } else {
    expects_other_ = true;
  }
  return std::nullopt;
}

Check HeadCheck::finish() {
  if (!has_host_ && !facts_.http_1_0) return bad_request("HTTP/1.1 requires a Host field");
  if (Check wrong = facts_.framing.finish(facts_.http_1_0)) return wrong;
  if (expects_other_) {
    return Refusal{Code::kExpectationFailed, "the only expectation met here is 100-continue"};
  }
  if (facts_.http_1_0) facts_.expects_continue = false;  // RFC 9110, 10.1.1: must be ignored
  return std::nullopt;
}

}  // namespace penstock::gateway
