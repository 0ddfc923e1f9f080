// What senders ask of a new endpoint before they send to it, and our answers.
//
// Pure, any thread. The caller decides when to ask: the signed kind only once the request's
// signature is good (Discord tries a bad one on purpose and wants 401).
// Limitations: a CloudEvents sender that wants its permission by callback is answered at once only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/http/exchange.h"
#include "gateway/verify/preset.h"
#include "gateway/verify/request.h"

namespace penstock::verify {

/// Handshakes inside signed requests: Slack url_verification, Zoom endpoint.url_validation,
/// Discord PING. nullopt: this is an event like any other.
std::optional<gateway::Response> answer_signed_handshake(const Preset& preset,
                                                         std::span<const std::string> secrets,
                                                         const SignedRequest& request);

struct HandshakeSettings {
  std::span<const std::string> secrets;
  std::string_view verify_token;  ///< Meta's, chosen by the user; "": none, and Meta is refused
  uint32_t rate_per_minute = 0;   ///< told to CloudEvents senders; 0: no limit
};

/// Handshakes without a signature: Meta hub.challenge, Dropbox challenge, X crc_token, Trello's
/// HEAD. `query` is the target's. nullopt: no handshake of this preset.
std::optional<gateway::Response> answer_unsigned_handshake(const Preset& preset,
                                                           const SignedRequest& request,
                                                           std::string_view query,
                                                           const HandshakeSettings& settings);

/// The OPTIONS of CloudEvents' HTTP 1.1 Web Hooks; of any preset, and of none.
std::optional<gateway::Response> answer_cloudevents_options(const SignedRequest& request,
                                                            const HandshakeSettings& settings);

}  // namespace penstock::verify
