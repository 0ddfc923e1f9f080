// Content-Encoding: a packed body back to what was packed, under a bound on its size and on how
// much it may grow, so that no small request becomes a large one. Pure.
//
// Limitations: gzip, deflate (zlib's form, and the bare one that some clients send) and zstd; one
// encoding a body; brotli is not among them.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "proto/body.h"
#include "proto/problem.h"

namespace penstock::gateway {

enum class Encoding : uint8_t { kIdentity, kGzip, kDeflate, kZstd };

/// What the header names; nullopt: several encodings, or one that is not known.
std::optional<Encoding> content_encoding(std::string_view header);
/// For Accept-Encoding in the answer that refuses one (RFC 9110, 12.5.3).
inline constexpr std::string_view known_encodings = "gzip, deflate, zstd";

/// The unpacked body, at most `bytes_max` long; otherwise why not.
std::variant<Body, Rejected> unpack(Encoding encoding, std::string_view packed, size_t bytes_max);

}  // namespace penstock::gateway
