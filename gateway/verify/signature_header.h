// Takes a signature header apart. Pure, any thread; what it gives are views into the value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/scheme.h"
#include "gateway/verify/verdict.h"

namespace penstock::verify {

struct SignatureHeader {
  std::vector<std::string_view> signatures;  ///< not decoded yet
  std::string_view timestamp;                ///< of kPairs; "" when it is not there
};

/// Appends the signatures of one header to `out`; a refusal when there are none it can use.
std::optional<Verdict> read_signature_header(const Scheme& scheme, std::string_view name,
                                             std::string_view value, SignatureHeader& out);

}  // namespace penstock::verify
