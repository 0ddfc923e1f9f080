// A request as signatures see it: the exact bytes that came, and the URL the sender knows us by.
// Views only: everything must outlive the call. Pure, any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "gateway/http/exchange.h"

namespace penstock::verify {

using gateway::HeaderView;

struct SignedRequest {
  std::string_view method = "POST";
  std::string_view url;  ///< public_url + the target as sent; "" when public_url is not set
  std::span<const HeaderView> headers;
  std::string_view body;  ///< raw: before charset, form or JSON are looked at
};

/// Names compared without regard to case.
bool same_name(std::string_view a, std::string_view b);

/// What a request has under one header name.
struct HeaderFound {
  size_t count = 0;
  std::string_view value;  ///< the first
};
HeaderFound find_header(const SignedRequest& request, std::string_view name);

/// The first value of that name; nullopt when there is none.
std::optional<std::string_view> header_value(const SignedRequest& request, std::string_view name);

/// The media type without parameters, in its original case; "" when none is given.
std::string_view media_type(const SignedRequest& request);

}  // namespace penstock::verify
