// All connections of a server by slot, so that an ExchangeId finds its connection or, when the slot
// has another tenant, nothing. Loop thread, no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/http/connection.h"

namespace penstock::gateway {

class ConnectionTable {
 public:
  /// Makes a connection in a free slot; it stays until erase().
  Connection& add(FrontEnd& front, Handler& handler);
  /// The connection of that exchange, nullptr when it is gone.
  Connection* find(ExchangeId exchange) const;
  void erase(uint32_t slot);
  /// Connections that exist, closing ones included.
  size_t size() const { return slots_.size() - free_.size(); }
  size_t slots() const { return slots_.size(); }
  /// The tenant of a slot, or nullptr.
  Connection* at(uint32_t slot) const { return slots_[slot].tenant.get(); }

 private:
  struct Slot {
    std::unique_ptr<Connection> tenant;
    uint32_t generation = 0;
  };
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace penstock::gateway
