// Who a request comes from: the peer, or what trusted proxies in front say of it. Pure.
#pragma once

#include <optional>
#include <string>

#include "gateway/http/exchange.h"
#include "gateway/verify/address_rules.h"

namespace penstock::gateway {

/// nullopt: a trusted proxy sent nonsense.
std::optional<verify::Address> client_of(const RequestHead& head,
                                         const verify::TrustedProxies& proxies);
/// The same as text; the peer's where there is none.
std::string client_text(const RequestHead& head, const verify::TrustedProxies& proxies);

}  // namespace penstock::gateway
