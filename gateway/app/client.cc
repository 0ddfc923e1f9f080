#include "gateway/app/client.h"

#include <arpa/inet.h>
#include <strings.h>

#include <vector>

namespace penstock::gateway {

std::optional<verify::Address> client_of(const RequestHead& head,
                                         const verify::TrustedProxies& proxies) {
  static constexpr std::string_view kForwarded = "x-forwarded-for";
  std::vector<std::string_view> values;
  for (const HeaderView& header : head.headers)
    if (header.name.size() == kForwarded.size() &&
        strncasecmp(header.name.data(), kForwarded.data(), kForwarded.size()) == 0)
      values.push_back(header.value);
  return verify::client_address(head.remote, values, proxies);
}

std::string client_text(const RequestHead& head, const verify::TrustedProxies& proxies) {
  if (proxies.hops == 0 && proxies.addresses.empty()) return std::string(head.remote);
  const auto address = client_of(head, proxies);
  char text[INET6_ADDRSTRLEN] = "";
  if (!address ||
      !inet_ntop(address->v4 ? AF_INET : AF_INET6, address->bytes.data(), text, sizeof(text)))
    return std::string(head.remote);
  return text;
}

}  // namespace penstock::gateway
