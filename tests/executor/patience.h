// How much longer things may take where a sanitizer watches, in unoptimised code.
#pragma once

namespace penstock {

#ifdef PENSTOCK_SANITIZED
inline constexpr int slower = 20;
#else
inline constexpr int slower = 2;
#endif

}  // namespace penstock
