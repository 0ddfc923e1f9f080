// A HOST:PORT to listen on. IPv6 hosts are written in brackets. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::gateway {

struct Address {
  std::string host;   ///< a name or a literal address, without brackets; empty: not set
  uint16_t port = 0;  ///< 0: any free one

  bool is_set() const { return !host.empty(); }
  /// Nothing from outside this machine can reach it.
  bool is_loopback() const;
  /// HOST:PORT, or "" when not set.
  std::string text() const;
  bool operator==(const Address&) const = default;

  /// Reads HOST:PORT, [V6]:PORT, or :PORT for all addresses.
  static Result<Address> parse(std::string_view text);
};

}  // namespace penstock::gateway
