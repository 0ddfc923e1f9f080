// Where outgoing calls may connect to: public addresses, and what the operator allows beside them.
// Judges resolved addresses, never names, so that a name that points inward is caught too.
// Immutable after parse(); any thread.
#pragma once

#include <netinet/in.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace penstock::executor {

/// A block of addresses; IPv4 is kept in its IPv6-mapped form.
struct Cidr {
  std::array<uint8_t, 16> prefix{};
  unsigned bits = 0;

  /// Reads "10.0.0.0/8", "::1", "fd00::/8"; an address alone is a block of one.
  static Result<Cidr> parse(std::string_view text);
  bool contains(const std::array<uint8_t, 16>& address) const;
};

class EgressRules {
 public:
  /// Only public addresses.
  EgressRules() = default;
  /// Public addresses and these blocks. An item may hold several, separated by commas.
  static Result<EgressRules> parse(std::span<const std::string> allowed);
  /// Everything, for a workflow that someone runs by hand on their own machine.
  static EgressRules everything();

  /// May a connection go to this resolved address? Families other than IPv4 and IPv6: no.
  bool allows(const sockaddr& address) const;

 private:
  std::vector<Cidr> allowed_;
  bool all_ = false;
};

/// The address without its port, for messages.
std::string address_text(const sockaddr& address);

}  // namespace penstock::executor
