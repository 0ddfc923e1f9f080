#include "gateway/http/exchange.h"

namespace penstock::gateway {

/// The bytes of the UTF-8 sequence at the front of `text` (RFC 3629), 0 when it is not one.
static size_t utf8_size(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const size_t size = first < 0x80   ? 1
                      : first < 0xc2 ? 0
                      : first < 0xe0 ? 2
                      : first < 0xf0 ? 3
                      : first < 0xf5 ? 4
                                     : 0;
  if (size == 0 || size > text.size()) return 0;
  for (size_t i = 1; i < size; i++) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (size == 1) return 1;
  const unsigned second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second >= 0xa0;
  const bool beyond = first == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : size;
}

static void append_escaped(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out.push_back('\\');
    out.push_back(static_cast<char>(c));
    return;
  }
  out.append("\\u00").push_back(kHex[c >> 4]);
  out.push_back(kHex[c & 15]);
}

/// Appends a JSON string. Details may quote what a client sent, so nothing is trusted to be UTF-8.
static void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const size_t size = utf8_size(text);
    const auto c = static_cast<unsigned char>(text.front());
    if (size == 0) {
      out.append("\xef\xbf\xbd");  // U+FFFD
    } else if (size == 1 && (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)) {
      append_escaped(out, c);
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out.push_back('"');
}

static void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value);
}

Response problem(Code code, std::string_view detail, std::string_view instance, std::string_view id,
                 uint32_t retry_after_s) {
  const ProblemKind& kind = problem_kind(code);
  Response response;
  response.status = kind.status;
  response.content_type = "application/problem+json";
  std::string& out = response.body;
  out.append("{\"type\":\"urn:penstock:problem:").append(kind.word).push_back('"');
  append_member(out, "title", kind.title);
  out.append(",\"status\":").append(std::to_string(kind.status));
  if (!detail.empty()) append_member(out, "detail", detail);
  if (!instance.empty()) append_member(out, "instance", instance);
  append_member(out, "code", kind.word);
  out.append(kind.retryable ? ",\"retryable\":true" : ",\"retryable\":false");
  if (!id.empty()) append_member(out, "id", id);
  out.push_back('}');
  if (retry_after_s > 0) {
    response.headers = "Retry-After: " + std::to_string(retry_after_s) + "\r\n";
  }
  return response;
}

}  // namespace penstock::gateway
