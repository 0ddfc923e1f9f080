#include "gateway/verify/url.h"

#include "gateway/verify/request.h"

namespace penstock::verify {

UrlParts split_url(std::string_view url) {
  UrlParts parts;
  const size_t colon = url.find("://");
  if (colon == std::string_view::npos) return parts;
  parts.scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  const size_t user = authority.rfind('@');
  if (user != std::string_view::npos) parts.user = authority.substr(0, user + 1);
  authority.remove_prefix(parts.user.size());
  const size_t bracket = authority.rfind(']');
  const size_t port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = authority.substr(0, port);
  parts.port = authority.substr(parts.host.size());
  const size_t mark = rest.find('?');
  parts.path = rest.substr(0, mark);
  parts.has_query = mark != std::string_view::npos;
  if (parts.has_query) parts.query = rest.substr(mark + 1);
  parts.whole = !parts.scheme.empty() && !parts.host.empty();
  return parts;
}

std::string join_url(const UrlParts& parts) {
  std::string url(parts.scheme);
  url += "://";
  for (const std::string_view part : {parts.user, parts.host, parts.port, parts.path}) url += part;
  if (parts.has_query) (url += '?') += parts.query;
  return url;
}

std::string_view default_port(std::string_view scheme) {
  return same_name(scheme, "https") || same_name(scheme, "wss") ? ":443" : ":80";
}

}  // namespace penstock::verify
