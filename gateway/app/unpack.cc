#include "gateway/app/unpack.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gateway/http/chars.h"
#include "proto/limits.h"

namespace penstock::gateway {
namespace {

constexpr size_t kStepBytes = 64 * 1024;

/// Takes unpacked bytes up to a bound.
class Target {
 public:
  Target(size_t packed_bytes, size_t bytes_max)
      : bound_(std::min(bytes_max, std::max(limits::decoded_bytes_free,
                                            packed_bytes * limits::decoded_ratio_max))) {}
  /// False: the bound is reached.
  bool take(const char* bytes, size_t size) {
    if (body_.size() + size > bound_) return false;
    body_.append({bytes, size});
    return true;
  }
  Body body() { return std::move(body_); }

 private:
  const size_t bound_;
  Body body_;
};

Rejected too_large() {
  return {Code::kPayloadTooLarge, "the unpacked body is larger than the limit"};
}
Rejected broken(std::string_view encoding) {
  return {Code::kBadRequest,
          "the body is not what Content-Encoding: " + std::string(encoding) + " says"};
}

struct EndInflate {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};
using Inflater = std::unique_ptr<z_stream, EndInflate>;

/// 16 + 15: gzip's head and checksum; 15: zlib's; -15: neither.
Inflater inflater(int window_bits) {
  Inflater stream(new z_stream{});
  if (inflateInit2(stream.get(), window_bits) != Z_OK) std::abort();  // no memory
  return stream;
}

std::variant<Body, Rejected> inflate_all(int window_bits, std::string_view packed,
                                         std::string_view name, size_t bytes_max) {
  Inflater stream = inflater(window_bits);
  Target target(packed.size(), bytes_max);
  std::vector<char> step(kStepBytes);
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream->avail_in = static_cast<uInt>(packed.size());
  for (;;) {
    stream->next_out = reinterpret_cast<Bytef*>(step.data());
    stream->avail_out = static_cast<uInt>(step.size());
    const int result = inflate(stream.get(), Z_NO_FLUSH);
    if (!target.take(step.data(), step.size() - stream->avail_out)) return too_large();
    if (result == Z_STREAM_END) {
      if (stream->avail_in == 0) return target.body();
      // RFC 1952 allows several members one behind the other.
      if (window_bits < 16 || inflateReset(stream.get()) != Z_OK) return broken(name);
      continue;
    }
    // Without progress the input has ended too early.
    if (result != Z_OK || (stream->avail_in == 0 && stream->avail_out != 0)) return broken(name);
  }
}

std::variant<Body, Rejected> unpack_deflate(std::string_view packed, size_t bytes_max) {
  auto body = inflate_all(15, packed, "deflate", bytes_max);
  const auto* why = std::get_if<Rejected>(&body);
  if (!why || why->code == Code::kPayloadTooLarge) return body;
  return inflate_all(-15, packed, "deflate", bytes_max);
}

std::variant<Body, Rejected> unpack_zstd(std::string_view packed, size_t bytes_max) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  // RFC 8878: a decoder may refuse windows above 8 MB.
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23);
  Target target(packed.size(), bytes_max);
  std::vector<char> step(kStepBytes);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  size_t left = 1;
  for (;;) {
    ZSTD_outBuffer out{step.data(), step.size(), 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) return broken("zstd");
    if (!target.take(step.data(), out.pos)) return too_large();
    if (in.pos < in.size || out.pos == out.size) continue;
    if (left != 0) return broken("zstd");
    return target.body();
  }
}

}  // namespace

std::optional<Encoding> content_encoding(std::string_view header) {
  std::string name;
  for (const char c : header)
    if (c != ' ' && c != '\t') name += static_cast<char>(chars::lower(c));
  if (name.empty() || name == "identity") return Encoding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return Encoding::kGzip;
  if (name == "deflate") return Encoding::kDeflate;
  if (name == "zstd") return Encoding::kZstd;
  return std::nullopt;
}

std::variant<Body, Rejected> unpack(Encoding encoding, std::string_view packed, size_t bytes_max) {
  if (packed.empty()) return broken("gzip, deflate or zstd");
  switch (encoding) {
    case Encoding::kGzip:
      return inflate_all(16 + 15, packed, "gzip", bytes_max);
    case Encoding::kDeflate:
      return unpack_deflate(packed, bytes_max);
    case Encoding::kZstd:
      return unpack_zstd(packed, bytes_max);
    default:
      return Body(packed);
  }
}

}  // namespace penstock::gateway
