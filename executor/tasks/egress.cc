#include "executor/tasks/egress.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <optional>

namespace penstock::executor {
namespace {

using Address = std::array<uint8_t, 16>;

constexpr uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// IANA's special-purpose registries: what is not a public host. The mapped, NAT64 and 6to4 forms
// are unwrapped before the check, so an inner IPv4 address cannot hide in them.
constexpr const char* kNotPublic[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/96",         "64:ff9b:1::/48",  "100::/64",       "2001::/23",      "2001:db8::/32",
    "3fff::/20",     "5f00::/16",       "fc00::/7",       "fe80::/10",      "fec0::/10",
    "ff00::/8",
};

Address mapped(const void* v4) {
  Address out;
  std::memcpy(out.data(), kMappedPrefix, sizeof(kMappedPrefix));
  std::memcpy(out.data() + 12, v4, 4);
  return out;
}

std::optional<Address> bytes_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    return mapped(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  Address out;
  std::memcpy(out.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, out.size());
  return out;
}

// The IPv4 address that a NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address leads to.
Address unwrapped(const Address& address) {
  static constexpr uint8_t kNat64[12] = {0, 0x64, 0xff, 0x9b};
  if (std::memcmp(address.data(), kNat64, sizeof(kNat64)) == 0) return mapped(&address[12]);
  if (address[0] == 0x20 && address[1] == 0x02) return mapped(&address[2]);
  return address;
}

std::vector<Cidr> parse_table() {
  std::vector<Cidr> blocks;
  for (const char* text : kNotPublic) blocks.push_back(*Cidr::parse(text));
  return blocks;
}

bool any_contains(const std::vector<Cidr>& blocks, const Address& address) {
  for (const Cidr& block : blocks) {
    if (block.contains(address)) return true;
  }
  return false;
}

bool is_public(const Address& address) {
  static const std::vector<Cidr> table = parse_table();
  return !any_contains(table, unwrapped(address));
}

}  // namespace

Result<Cidr> Cidr::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  Cidr cidr;
  uint8_t v4[4];
  const bool is_v4 = inet_pton(AF_INET, host.c_str(), v4) == 1;
  if (is_v4) cidr.prefix = mapped(v4);
  if (!is_v4 && inet_pton(AF_INET6, host.c_str(), cidr.prefix.data()) != 1) {
    return Status::invalid("'" + std::string(text) + "' is not an address block like 10.0.0.0/8");
  }
  const unsigned width = is_v4 ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc() || rest != end || bits > width) {
      return Status::invalid("'" + std::string(text) + "': the part behind '/' must be 0 to " +
                             std::to_string(width));
    }
  }
  cidr.bits = is_v4 ? bits + 96 : bits;
  return cidr;
}

bool Cidr::contains(const Address& address) const {
  const unsigned whole = bits / 8;
  if (std::memcmp(prefix.data(), address.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<uint8_t>(0xff << (8 - rest));
  return (prefix[whole] & mask) == (address[whole] & mask);
}

Result<EgressRules> EgressRules::parse(std::span<const std::string> allowed) {
  EgressRules rules;
  for (const std::string& item : allowed) {
    for (size_t at = 0; at <= item.size();) {
      const size_t comma = std::min(item.find(',', at), item.size());
      const std::string_view one(item.data() + at, comma - at);
      at = comma + 1;
      if (one.empty()) continue;
      Result<Cidr> block = Cidr::parse(one);
      if (!block) return block.status();
      rules.allowed_.push_back(*block);
    }
  }
  return rules;
}

EgressRules EgressRules::everything() {
  EgressRules rules;
  rules.all_ = true;
  return rules;
}

bool EgressRules::allows(const sockaddr& address) const {
  const std::optional<Address> bytes = bytes_of(address);
  if (!bytes) return false;
  return all_ || any_contains(allowed_, *bytes) || is_public(*bytes);
}

std::string address_text(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "unknown";
  if (address.sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof(text));
  } else if (address.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text,
              sizeof(text));
  }
  return text;
}

}  // namespace penstock::executor
