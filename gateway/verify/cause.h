// Why a signature failed, as far as trying other spellings of the same request can tell: another
// form of the secret, a body that was written anew, a URL as a proxy sees it, hex for Base64.
//
// Costs up to some thirty checks: for a person at a terminal, or for a few refused requests a
// minute, never for each request of a stranger. Pure, any thread. Never names a secret.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/verify/verifier.h"

namespace penstock::verify {

/// Sentences, the most certain first; none for a good verdict.
std::vector<std::string> likely_causes(const Preset& preset, std::span<const std::string> secrets,
                                       const SignedRequest& request, const Verdict& verdict,
                                       const Age& age);

}  // namespace penstock::verify
