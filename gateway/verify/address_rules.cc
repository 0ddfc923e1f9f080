#include "gateway/verify/address_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

/// The address without brackets and port; "" when brackets or port are wrong.
std::string_view bare(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return {};
    return text.substr(1, close - 1);
  }
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return text;
  return is_port(text.substr(colon + 1)) ? text.substr(0, colon) : std::string_view();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// The entries of all X-Forwarded-For fields, the nearest hop first.
std::vector<std::string_view> nearest_first(std::span<const std::string_view> fields) {
  std::vector<std::string_view> hops;
  for (size_t i = fields.size(); i-- > 0;) {
    std::string_view rest = fields[i];
    while (hops.size() < limits::forwarded_hops_max) {
      const size_t comma = rest.rfind(',');
      hops.push_back(trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return hops;
}

bool same_prefix(const Address& a, const Address& b, unsigned bits) {
  const unsigned whole = bits / 8, rest = bits % 8;
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  return rest == 0 || (a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest) == 0;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::string plain(bare(text));  // inet_pton wants its end marked
  Address address;
  if (inet_pton(AF_INET, plain.c_str(), address.bytes.data()) == 1) {
    address.v4 = true;
    return address;
  }
  if (inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) != 1) return std::nullopt;
  if (!std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) return address;
  Address inner;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), inner.bytes.begin());
  inner.v4 = true;
  return inner;
}

Result<AddressRules::Range> AddressRules::parse_range(std::string_view text) {
  const size_t slash = text.find('/');
  const auto first = Address::parse(text.substr(0, slash));
  const auto wrong = [text](const char* why) {
    return Status::invalid("\"" + std::string(text) + "\" " + why);
  };
  if (!first) return wrong("is not an address or range such as 192.0.2.0/24 or 2001:db8::/32");
  const unsigned all = first->v4 ? 32 : 128;
  if (slash == std::string_view::npos) return Range{*first, all};
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits > all)
    return wrong(first->v4 ? "has no length of 0 to 32 behind the slash"
                           : "has no length of 0 to 128 behind the slash");
  Address zeroed;
  zeroed.v4 = first->v4;
  for (unsigned i = 0; i < bits; ++i) zeroed.bytes[i / 8] |= first->bytes[i / 8] & (0x80u >> i % 8);
  if (!(zeroed == *first)) return wrong("has bits set behind its length: is one of the two wrong?");
  return Range{*first, bits};
}

Result<AddressRules> AddressRules::parse(std::span<const std::string> rules) {
  if (rules.size() > limits::address_rules_max)
    return Status::invalid("more than " + std::to_string(limits::address_rules_max) + " ranges");
  AddressRules made;
  for (const std::string& rule : rules) {
    const Result<Range> range = parse_range(trimmed(rule));
    if (!range) return range.status();
    made.ranges_.push_back(*range);
  }
  return made;
}

bool AddressRules::contain(const Address& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&address](const Range& range) {
    return range.first.v4 == address.v4 && same_prefix(range.first, address, range.bits);
  });
}

std::optional<Address> client_address(std::string_view peer,
                                      std::span<const std::string_view> forwarded,
                                      const TrustedProxies& proxies) {
  std::optional<Address> current = Address::parse(peer);
  unsigned hop = 0;
  for (const std::string_view entry : nearest_first(forwarded)) {
    if (!current) return std::nullopt;
    if (hop++ >= proxies.hops && !proxies.addresses.contain(*current)) break;
    current = Address::parse(entry);
  }
  return current;
}

}  // namespace penstock::verify
