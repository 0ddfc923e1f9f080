#include "gateway/verify/url_spelling.h"

#include <algorithm>

#include "gateway/verify/url.h"

namespace penstock::verify {

namespace {

/// HubSpot signs URLs in which just these are decoded.
std::string unescaped(std::string_view url) {
  static constexpr std::pair<std::string_view, char> kDecoded[] = {
      {"3A", ':'},  {"2F", '/'}, {"3F", '?'}, {"40", '@'}, {"21", '!'}, {"24", '$'},
      {"27", '\''}, {"28", '('}, {"29", ')'}, {"2A", '*'}, {"2C", ','}, {"3B", ';'}};
  std::string out;
  for (size_t i = 0; i < url.size(); ++i) {
    char c = url[i];
    if (c == '%' && i + 2 < url.size()) {
      std::string code(url.substr(i + 1, 2));
      for (char& digit : code)
        if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 32);
      for (const auto& [known, decoded] : kDecoded)
        if (known == code) c = decoded;
      if (c != '%') i += 2;
    }
    out += c;
  }
  return out;
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find('?')));
}

std::string with_port(std::string_view url, bool port) {
  UrlParts parts = split_url(url);
  if (!parts.whole) return std::string(url);
  if (!port) parts.port = {};
  if (port && parts.port.empty()) parts.port = default_port(parts.scheme);
  return join_url(parts);
}

}  // namespace

std::vector<std::string> url_spellings(UrlRule rule, std::string_view url) {
  std::vector<std::string> all;
  if (rule == UrlRule::kUnescaped) all.push_back(unescaped(url));
  all.push_back(rule == UrlRule::kWithoutQuery ? without_query(url) : std::string(url));
  if (rule == UrlRule::kEitherPort) {
    all.push_back(with_port(url, false));
    all.push_back(with_port(url, true));
  }
  std::vector<std::string> distinct;
  for (std::string& spelling : all)
    if (std::find(distinct.begin(), distinct.end(), spelling) == distinct.end())
      distinct.push_back(std::move(spelling));
  return distinct;
}

}  // namespace penstock::verify
