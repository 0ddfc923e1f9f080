// Other spellings of a body that a sender may have signed before something on the way changed it:
// only for telling a user what went wrong. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::verify {

struct BodySpelling {
  std::string what;  ///< "as compact JSON": follows "the signature fits the body "
  std::string body;
};

/// All that differ from `body`; none when it is over limits::hint_body_bytes_max.
std::vector<BodySpelling> body_spellings(std::string_view body);

}  // namespace penstock::verify
