#include "bench/http/url.h"

#include <charconv>

namespace penstock::bench {

static Status refuse(std::string_view text, std::string_view why) {
  return Status::invalid("\"" + std::string(text) + "\" is no URL: " + std::string(why));
}

/// Cuts the port off `authority`.
static bool take_port(std::string_view& authority, uint16_t& port) {
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos)
    return true;
  const std::string_view digits = authority.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  authority = authority.substr(0, colon);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size() && port != 0;
}

static bool clean(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  return true;
}

Result<Url> Url::parse(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    url.tls = true;
  else if (!rest.starts_with("http://"))
    return refuse(text, "it starts with http:// or https://");
  if (!clean(text)) return refuse(text, "it has a space or a control character");
  rest.remove_prefix(url.tls ? 8 : 7);
  url.port = url.tls ? 443 : 80;
  const size_t end = rest.find_first_of("/?#");
  std::string_view authority = rest.substr(0, end);
  std::string_view target = end == std::string_view::npos ? "" : rest.substr(end);
  target = target.substr(0, target.find('#'));
  if (authority.find('@') != std::string_view::npos)
    return refuse(text, "give credentials with --header");
  if (!take_port(authority, url.port)) return refuse(text, "the port is a number from 1 to 65535");
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
    authority = authority.substr(1, authority.size() - 2);
  if (authority.empty()) return refuse(text, "it names no host");
  url.host = authority;
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

std::string Url::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string out = v6 ? "[" + host + "]" : host;
  if (port != (tls ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::origin() const {
  return (tls ? "https://" : "http://") + authority();
}

}  // namespace penstock::bench
