// `Authorization: Basic` (RFC 7617). Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::verify {

struct BasicCredentials {
  std::string user;
  std::string password;
};

/// What the header's value carries; nullopt when it is no Basic, or not well formed.
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

/// Are they the same? The time taken tells nothing of where they differ.
bool same_credentials(const BasicCredentials& a, const BasicCredentials& b);

}  // namespace penstock::verify
