#include "gateway/http/target.h"

#include "gateway/http/chars.h"

namespace penstock::gateway {

using chars::is;

/// Each '%' must begin %XX; `nul` says whether %00 may stand.
static Check check_percents(std::string_view text, bool nul) {
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || !is(text[at + 1], chars::kHex) || !is(text[at + 2], chars::kHex)) {
      return bad_request("a '%' in the request target is not followed by two hex digits");
    }
    if (!nul && text[at + 1] == '0' && text[at + 2] == '0') {
      return bad_request("the path contains an encoded NUL");
    }
  }
  return std::nullopt;
}

static Check split_path(std::string_view text, Target& out) {
  const size_t mark = text.find('?');
  out.path = text.substr(0, mark);
  out.query = mark == text.npos ? std::string_view() : text.substr(mark + 1);
  if (!chars::all(out.path, chars::kPath) || !chars::all(out.query, chars::kQuery)) {
    return bad_request("the request target has a byte that must be percent-encoded");
  }
  if (Check wrong = check_percents(out.path, false)) return wrong;
  return check_percents(out.query, true);
}

/// The length of "http://" or "https://" in front, 0 when neither is there.
static size_t scheme_size(std::string_view text) {
  if (chars::same(text.substr(0, 7), "http://")) return 7;
  if (chars::same(text.substr(0, 8), "https://")) return 8;
  return 0;
}

static Check split_absolute(std::string_view text, size_t scheme, Target& out) {
  const std::string_view rest = text.substr(scheme);
  const size_t end = rest.find_first_of("/?");
  if (Check wrong = check_host(rest.substr(0, end))) return wrong;
  if (end == rest.npos || rest[end] == '?') {
    // An empty path means "/"; it has no byte of its own, so the scheme's last slash lends one.
    const Check wrong =
        split_path(end == rest.npos ? rest.substr(rest.size()) : rest.substr(end), out);
    out.path = text.substr(scheme - 1, 1);
    return wrong;
  }
  return split_path(rest.substr(end), out);
}

Check split_target(std::string_view text, Method method, Target& out) {
  if (text.starts_with('/')) return split_path(text, out);
  if (text == "*" && method == Method::kOptions) {
    out = {text, {}};
    return std::nullopt;
  }
  if (const size_t scheme = scheme_size(text)) return split_absolute(text, scheme, out);
  return bad_request("the request target must begin with '/' or be an absolute http URL");
}

static bool valid_port(std::string_view port) {
  if (port.size() > 5 || !chars::all(port, chars::kDigit)) return false;
  unsigned value = 0;
  for (const char c : port) value = value * 10 + static_cast<unsigned>(c - '0');
  return value <= 65535;
}

/// The length of "[…]" in front, npos when it is not closed or not an address.
static size_t bracketed_size(std::string_view text) {
  const size_t end = text.find(']');
  if (end == text.npos || end < 3) return text.npos;  // "[::]" is the shortest
  const std::string_view inside = text.substr(1, end - 1);
  const bool address = chars::all(inside, chars::kBracketed) && inside.find(':') != inside.npos;
  return address ? end + 1 : text.npos;
}

Check check_host(std::string_view text) {
  if (text.empty()) return bad_request("the host is empty");
  const bool bracket = text.front() == '[';
  const size_t end = bracket ? bracketed_size(text) : text.find(':');
  const std::string_view name = text.substr(0, end);
  if (bracket && end == text.npos) return bad_request("the host is not a valid IPv6 literal");
  if (!bracket && (name.empty() || !chars::all(name, chars::kHost))) {
    return bad_request("the host has a byte that no host name has");
  }
  if (end >= text.size()) return std::nullopt;
  if (text[end] == ':' && valid_port(text.substr(end + 1))) return std::nullopt;
  return bad_request("the host's port is not a number up to 65535");
}

}  // namespace penstock::gateway
