// Who may send, by address: ranges of IPv4 and IPv6, and whose word about a client's address is
// taken. Pure, any thread.
//
// Limitations: no names, no zones ("%eth0"). An IPv4 address inside IPv6 (::ffff:1.2.3.4) is the
// IPv4 address. Of proxies' headers only X-Forwarded-For is read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace penstock::verify {

struct Address {
  std::array<uint8_t, 16> bytes{};  ///< IPv4: the first four
  bool v4 = false;

  /// Also "[v6]", and either form with ":port" behind it.
  static std::optional<Address> parse(std::string_view text);
  bool operator==(const Address&) const = default;
};

class AddressRules {
 public:
  /// "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". Fault: kInvalid with the rule and what is wrong.
  static Result<AddressRules> parse(std::span<const std::string> rules);

  bool empty() const { return ranges_.empty(); }
  bool contain(const Address& address) const;

 private:
  struct Range {
    Address first;
    unsigned bits = 0;
  };
  static Result<Range> parse_range(std::string_view text);

  std::vector<Range> ranges_;
};

/// Who stands between us and the clients.
struct TrustedProxies {
  AddressRules addresses = {};  ///< each may add one entry to X-Forwarded-For; or
  unsigned hops = 0;            ///< just as many proxies as this, whatever their addresses
};

/// The client's address: the peer itself, or what trusted proxies say it is. `forwarded` has the
/// values of all X-Forwarded-For fields in order. nullopt: a proxy we trust sent nonsense.
std::optional<Address> client_address(std::string_view peer,
                                      std::span<const std::string_view> forwarded,
                                      const TrustedProxies& proxies);

}  // namespace penstock::verify
