#include "gateway/config/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace penstock::gateway {

static Status bad(std::string_view text, std::string_view why) {
  return Status::invalid("\"" + std::string(text) + "\" is not HOST:PORT: " + std::string(why));
}

bool Address::is_loopback() const {
  in_addr v4{};
  const bool is_v4 = inet_pton(AF_INET, host.c_str(), &v4) == 1;
  return host == "localhost" || host == "::1" || (is_v4 && ntohl(v4.s_addr) >> 24 == 127);
}

std::string Address::text() const {
  if (!is_set()) return {};
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Address> Address::parse(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad(text, "the port is missing");
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad(text, "write an IPv6 address in brackets");
  }
  Address address;
  address.host = host.empty() ? "0.0.0.0" : std::string(host);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) {
    return bad(text, "the port is a number from 0 to 65535");
  }
  return address;
}

}  // namespace penstock::gateway
