#include "gateway/http/exchange.h"

#include "gateway/http/chars.h"

namespace penstock::gateway {

static bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (chars::lower(a[i]) != chars::lower(b[i])) return false;
  }
  return true;
}

std::optional<std::string_view> RequestHead::header(std::string_view name) const {
  for (const HeaderView& header : headers) {
    if (same_name(header.name, name)) return header.value;
  }
  return std::nullopt;
}

}  // namespace penstock::gateway
