// JSON as bytes: cuts out a member and lays it out for people, without touching a token, so that a
// number is shown as it was sent. The text must be JSON. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace penstock::gateway {

/// The text of a top-level object's member; empty when there is none. Names are compared as they are written.
std::string_view raw_member(std::string_view object, std::string_view name);
/// The same tokens, one a line and indented by two.
std::string indented(std::string_view json);

}  // namespace penstock::gateway
