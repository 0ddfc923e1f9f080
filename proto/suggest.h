// "Did you mean …?": the known word nearest to a mistyped one. Pure, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace penstock {

/// The nearest of `known` by edits (a swap of neighbours counts one); empty when none is near.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);
/// " – did you mean \"X\"?", or "" when nothing is near: to be appended to an error.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace penstock
