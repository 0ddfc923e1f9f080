// The spellings of our URL that a sender may have signed. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/scheme.h"

namespace penstock::verify {

/// The likeliest first, none twice.
std::vector<std::string> url_spellings(UrlRule rule, std::string_view url);

}  // namespace penstock::verify
