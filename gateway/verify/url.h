// A URL in parts that add up to it again, byte for byte: signatures over URLs cover the spelling.
// Pure, any thread; parts are views into the URL.
#pragma once

#include <string>
#include <string_view>

namespace penstock::verify {

struct UrlParts {
  std::string_view scheme;  ///< "https"
  std::string_view user;    ///< "name:word@", with its '@'
  std::string_view host;    ///< an IPv6 literal keeps its brackets
  std::string_view port;    ///< ":443", with its ':'
  std::string_view path;    ///< "/hooks/x"
  std::string_view query;   ///< behind '?'
  bool has_query = false;
  bool whole = false;  ///< it has a scheme and a host
};

UrlParts split_url(std::string_view url);
std::string join_url(const UrlParts& parts);

/// The port that the scheme stands for, with its ':'.
std::string_view default_port(std::string_view scheme);

}  // namespace penstock::verify
