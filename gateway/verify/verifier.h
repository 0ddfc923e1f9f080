// Checks the signature of a request against a preset and the secrets that are live.
//
// Lifecycle: made once a trigger (secrets are read and keys prepared), asked for each request.
// Thread: one at a time. Pure: no I/O, no clock of its own.
// Limitations: a verifier does not remember what it saw; a replay window needs Verdict::signature
// or Verdict::id in a store of its caller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/verify/claim.h"
#include "gateway/verify/preset.h"
#include "gateway/verify/secret.h"
#include "gateway/verify/verdict.h"

namespace penstock::verify {

/// Our clock, and how far a signed time may be from it.
struct Age {
  int64_t now_s = 0;
  std::optional<uint32_t> tolerance_s = {};  ///< none: the preset's
  bool checked = true;                       ///< false: any signed time is good
};

class Verifier {
 public:
  /// `secrets`: the newest first. Fault: kInvalid when one of them cannot be a secret of this
  /// preset, or a template is wrong.
  static Result<Verifier> create(const Preset& preset, std::span<const std::string> secrets);

  Verdict verify(const SignedRequest& request, const Age& age) const;
  /// What would have to be signed, for people: the text of the first scheme that applies, with
  /// "{secret}" where a secret stands; "" when the request cannot be read that far.
  std::string signed_text(const SignedRequest& request) const;

  const Preset& preset() const { return preset_; }

 private:
  struct Way {
    Scheme scheme;
    TextTemplate text;
    std::vector<Secret> secrets;
  };
  explicit Verifier(Preset preset) : preset_(std::move(preset)) {}
  Status add_way(const Scheme& scheme, std::span<const std::string> secrets, Status& unfit);
  std::vector<const Way*> ways_for(const SignedRequest& request) const;
  Verdict none_applies(const SignedRequest& request) const;
  static Verdict verify_by(const Way& way, const SignedRequest& request, const Age& age);

  Preset preset_;
  std::vector<Way> ways_;
};

}  // namespace penstock::verify
