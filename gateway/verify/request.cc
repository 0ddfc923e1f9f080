#include "gateway/verify/request.h"

#include <algorithm>

namespace penstock::verify {

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

HeaderFound find_header(const SignedRequest& request, std::string_view name) {
  HeaderFound found;
  for (const HeaderView& header : request.headers) {
    if (!same_name(header.name, name)) continue;
    if (found.count++ == 0) found.value = header.value;
  }
  return found;
}

std::optional<std::string_view> header_value(const SignedRequest& request, std::string_view name) {
  const HeaderFound found = find_header(request, name);
  return found.count > 0 ? std::optional(found.value) : std::nullopt;
}

std::string_view media_type(const SignedRequest& request) {
  std::string_view type = header_value(request, "content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return type;
}

}  // namespace penstock::verify
