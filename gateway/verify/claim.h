// What a request claims to be signed: texts (in the spellings a sender may have used), signatures,
// time and id. Reading it needs no secret. Pure, any thread; views into the request.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/request.h"
#include "gateway/verify/scheme.h"
#include "gateway/verify/signed_text.h"
#include "gateway/verify/verdict.h"

namespace penstock::verify {

/// One signed thing: any of the signatures must be of any of the texts.
struct Claim {
  std::list<SignedText> texts;          // a list: texts hold views into themselves
  std::vector<std::string> signatures;  ///< decoded; a token as it is
};

/// All that a request claims; every claim must hold.
struct Evidence {
  std::list<Claim> claims;
  std::string timestamp;                     ///< as sent
  std::optional<int64_t> signed_at_ms = {};  ///< `timestamp` read; none when the body has it
  std::string id;
};

/// May this scheme be the one that the request was signed by?
bool applies(const Scheme& scheme, const SignedRequest& request);

/// Reads the request into `out`, or says why it cannot be.
std::optional<Verdict> read_evidence(const Scheme& scheme, const TextTemplate& text,
                                     const SignedRequest& request, Evidence& out);

/// The time that `scheme` keeps in the body. A refusal when it is not there.
std::optional<Verdict> read_body_time(const Scheme& scheme, const SignedRequest& request,
                                      Evidence& out);

/// Names and values of a form, sorted, each pair once, joined without anything between.
/// Fault: kInvalid when it has too many fields.
Result<std::string> sorted_form(std::string_view body);

// Schemes with code of their own.
std::optional<Verdict> read_twilio_form(const SignedRequest& request, std::string& form);
std::optional<Verdict> read_plivo_text(const SignedRequest& request, std::string_view url,
                                       std::string& text);
std::optional<Verdict> read_adyen_items(const SignedRequest& request, Evidence& out);
std::optional<Verdict> read_mailgun(const SignedRequest& request, Evidence& out);

/// A refusal with its sentence.
inline Verdict refuse(Reason reason, std::string detail) {
  return {.reason = reason, .detail = std::move(detail)};
}

}  // namespace penstock::verify
