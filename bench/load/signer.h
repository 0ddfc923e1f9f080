// Signs requests the way the providers do, so that the receiver's checking is part of what is
// measured.
//
// Lifecycle: one a load. One thread. Limitations: HMAC schemes over the raw body only; those that
// sign the URL, a form or with a private key (square, twilio, discord, sendgrid) are not made here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bench/load/hmac.h"

namespace penstock::bench {

class Signer {
 public:
  /// `preset`: standard-webhooks github stripe slack shopify zoom linear paddle hmac. `header`: the
  /// name of hmac's header.
  static Result<std::unique_ptr<Signer>> make(std::string_view preset, const std::string& secret,
                                              const std::string& header);
  /// The presets' names, for messages.
  static std::string_view presets();

  /// Appends the header lines for `body`, each with its line end. `message` names the event where
  /// the scheme has a name for it; a resent event keeps it.
  void append(std::string_view message, uint64_t unix_s, std::string_view body, std::string& out);

  struct Scheme;

 private:
  Signer(const Scheme& scheme, std::string header, std::unique_ptr<Hmac> hmac);

  const Scheme& scheme_;
  std::string header_;
  std::unique_ptr<Hmac> hmac_;
};

}  // namespace penstock::bench
