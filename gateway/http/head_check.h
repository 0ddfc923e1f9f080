// Reads the raw bytes of a request head before the parser does and refuses whatever two
// implementations might read differently (RFC 9112, section 11.2): a bare CR or LF, folded lines,
// control bytes, doubtful framing, a doubtful Host. It may be fed byte by byte and looks at each
// byte once, so a wrong head is answered as soon as its wrong line is there.
//
// Lifecycle: one object a request; scan() with ever more bytes until it says kWhole or kRefused.
// Thread: any, no I/O. Limitations: copies nothing; facts() are offsets and numbers, no views.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/http/exchange.h"
#include "gateway/http/framing.h"
#include "gateway/http/refusal.h"

namespace penstock::gateway {

struct HeadLimits {
  size_t head_bytes_max;
  size_t header_fields_max;
  size_t target_bytes_max;
};

/// What a head that passed says about its connection and body.
struct HeadFacts {
  Method method = Method::kOther;
  uint32_t start = 0;      ///< where the request line begins (behind an empty line)
  uint32_t target_at = 0;  ///< of the target, from the first byte
  uint32_t target_size = 0;
  bool http_1_0 = false;
  bool close = false;  ///< "Connection: close", or HTTP/1.0
  bool expects_continue = false;
  Framing framing;
};

class HeadCheck {
 public:
  enum class Verdict : uint8_t { kMore, kWhole, kRefused };

  /// `bytes`: everything since the request's first byte, at least as much as last time.
  Verdict scan(std::string_view bytes, const HeadLimits& limits);

  /// Valid after kWhole: the bytes of the head, the empty line included.
  size_t head_size() const { return scanned_; }
  const HeadFacts& facts() const { return facts_; }
  /// Valid after kRefused.
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class Where : uint8_t { kStart, kAfterEmptyLine, kFields, kEnd };

  Check next_line(std::string_view bytes, const HeadLimits& limits, bool& more);
  Check check_partial(std::string_view bytes, const HeadLimits& limits) const;
  Check take_line(std::string_view line, const HeadLimits& limits);
  Check take_empty_line();
  Check take_request_line(std::string_view line, const HeadLimits& limits);
  Check take_version(std::string_view version);
  Check take_field(std::string_view line, const HeadLimits& limits);
  Check take_known_field(std::string_view name, std::string_view value);
  Check take_host(std::string_view value);
  Check take_expect(std::string_view value);
  Check finish();

  uint32_t line_ = 0;     ///< where the line under way begins
  uint32_t scanned_ = 0;  ///< bytes already looked at
  uint16_t fields_ = 0;
  Where where_ = Where::kStart;
  bool has_host_ = false;
  bool expects_other_ = false;
  HeadFacts facts_;
  Refusal refusal_;
};

}  // namespace penstock::gateway
