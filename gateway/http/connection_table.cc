#include "gateway/http/connection_table.h"

namespace penstock::gateway {

Connection& ConnectionTable::add(FrontEnd& front, Handler& handler) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const uint32_t at = free_.back();
  free_.pop_back();
  Slot& slot = slots_[at];
  slot.tenant = std::make_unique<Connection>(front, handler, at, ++slot.generation);
  return *slot.tenant;
}

Connection* ConnectionTable::find(ExchangeId exchange) const {
  if (exchange.slot >= slots_.size()) return nullptr;
  const Slot& slot = slots_[exchange.slot];
  return slot.generation == exchange.generation ? slot.tenant.get() : nullptr;
}

void ConnectionTable::erase(uint32_t slot) {
  slots_[slot].tenant.reset();
  free_.push_back(slot);
}

}  // namespace penstock::gateway
