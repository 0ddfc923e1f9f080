// "Did you mean …?": the word a mistyped one was probably meant to be, by spelling or by what
// other workflow languages call the same thing. No state, any thread.
#pragma once

#include <span>
#include <string_view>

namespace penstock::lint {

/// The one of `known` that `word` was probably meant to be; "" where none is likely.
std::string_view suggest(std::string_view word, std::span<const std::string_view> known);

}  // namespace penstock::lint
