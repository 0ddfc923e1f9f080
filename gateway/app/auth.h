// Who asks: the key or token a request presents, and what it opens. Pure but for Credentials.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/app/credentials.h"
#include "gateway/http/exchange.h"

namespace penstock::gateway {

/// `x-api-key: K`, `Authorization: Bearer K`, or the bare key in Authorization.
std::optional<std::string_view> presented_key(const RequestHead& head);

/// `Authorization: Bearer TOKEN` with the admin token.
bool is_admin(const Credentials& credentials, const RequestHead& head);

/// May this request send to the trigger, or read its runs?
bool opens(const Credentials& credentials, const records::TriggerDefinition& trigger,
           const RequestHead& head);

/// Header fields that carry credentials and are never stored.
bool is_credential_header(std::string_view name);

/// 401 with the challenge.
Response unauthorized(std::string_view detail, std::string_view instance);

}  // namespace penstock::gateway
