#include "gateway/verify/claim.h"

#include "gateway/verify/json_fact.h"
#include "gateway/verify/moment.h"
#include "gateway/verify/signature_header.h"
#include "gateway/verify/url_spelling.h"
#include "proto/limits.h"

namespace penstock::verify {

namespace {

/// A header that must be there exactly once: two could be read differently by two readers.
std::optional<Verdict> take_header(const SignedRequest& request, const std::string& name,
                                   std::string_view& value) {
  const HeaderFound found = find_header(request, name);
  if (found.count == 0 || found.value.empty())
    return refuse(Reason::kMissingHeader, "the header " + name + " is missing");
  if (found.count > 1)
    return refuse(Reason::kMalformedHeader, "the header " + name + " is there more than once");
  if (found.value.size() > limits::signature_header_bytes_max)
    return refuse(Reason::kMalformedHeader, "the header " + name + " is too long");
  value = found.value;
  return std::nullopt;
}

std::optional<Verdict> read_one(const Scheme& scheme, const SignedRequest& request,
                                const std::string& name, SignatureHeader& out) {
  std::string_view value;
  if (find_header(request, name).count == 0) return std::nullopt;
  if (auto refused = take_header(request, name, value)) return refused;
  return read_signature_header(scheme, name, value, out);
}

std::optional<Verdict> read_headers(const Scheme& scheme, const SignedRequest& request,
                                    SignatureHeader& out) {
  if (auto refused = read_one(scheme, request, scheme.header, out)) return refused;
  for (const std::string& name : scheme.more_headers)
    if (auto refused = read_one(scheme, request, name, out)) return refused;
  if (!out.signatures.empty()) return std::nullopt;
  return refuse(Reason::kMissingHeader, "the header " + scheme.header + " is missing");
}

/// What can be decoded; a list may also carry what other versions of a sender wrote.
std::optional<Verdict> decode_all(const Scheme& scheme, const SignatureHeader& header,
                                  std::vector<std::string>& out) {
  for (const std::string_view signature : header.signatures) {
    if (scheme.method == Method::kToken)
      out.emplace_back(signature);
    else if (auto bytes = decode(scheme.encoding, signature); bytes && !bytes->empty())
      out.push_back(std::move(*bytes));
  }
  if (!out.empty()) return std::nullopt;
  return refuse(Reason::kMalformedHeader, "the signature in " + scheme.header + " is not " +
                                              std::string(encoding_name(scheme.encoding)));
}

std::optional<Verdict> read_time(const Scheme& scheme, const SignedRequest& request,
                                 const SignatureHeader& header, Evidence& out) {
  std::string_view text = header.timestamp;
  if (!scheme.time_header.empty())
    if (auto refused = take_header(request, scheme.time_header, text)) return refused;
  if (text.empty()) return std::nullopt;
  out.timestamp = text;
  out.signed_at_ms = parse_moment(text, scheme.unit);
  if (out.signed_at_ms) return std::nullopt;
  const bool iso = scheme.unit == TimeUnit::kIso8601;
  return refuse(
      Reason::kMalformedHeader,
      iso ? "the timestamp is not of the form 2026-01-31T12:00:00Z"
          : "the timestamp is not a whole number of " +
                std::string(scheme.unit == TimeUnit::kSeconds ? "seconds" : "milliseconds"));
}

/// The form as the text needs it, where the text needs it.
std::optional<Verdict> read_form(const Scheme& scheme, const TextTemplate& text,
                                 const SignedRequest& request, std::string& form) {
  if (!text.uses_form()) return std::nullopt;
  if (scheme.shape == Shape::kTwilio) return read_twilio_form(request, form);
  Result<std::string> sorted = sorted_form(request.body);
  if (!sorted) return refuse(Reason::kMalformedBody, sorted.status().message());
  form = std::move(*sorted);
  return std::nullopt;
}

std::optional<Verdict> add_texts(const Scheme& scheme, const TextTemplate& text,
                                 const SignedRequest& request, const std::string& form,
                                 const Evidence& evidence, Claim& claim) {
  std::vector<std::string> urls(1);
  if (text.uses_url()) urls = url_spellings(scheme.url_rule, request.url);
  for (const std::string& url : urls) {
    SignedText& signed_text = claim.texts.emplace_back();
    std::string spelled = url;
    if (scheme.shape == Shape::kPlivo)
      if (auto refused = read_plivo_text(request, url, spelled)) return refused;
    const TextValues values{signed_text.hold(std::move(spelled)), evidence.timestamp, evidence.id,
                            signed_text.hold(form)};
    if (Status filled = text.fill(request, values, signed_text); !filled.ok())
      return refuse(Reason::kMissingHeader, filled.message());
  }
  return std::nullopt;
}

}  // namespace

bool applies(const Scheme& scheme, const SignedRequest& request) {
  if (!scheme.when_header.empty()) {
    const auto value = header_value(request, scheme.when_header);
    if (value ? *value != scheme.when_value : !scheme.when_missing) return false;
  }
  if (scheme.header.empty()) return true;
  bool there = find_header(request, scheme.header).count > 0;
  for (const std::string& name : scheme.more_headers) there |= find_header(request, name).count > 0;
  return there;
}

std::optional<Verdict> read_evidence(const Scheme& scheme, const TextTemplate& text,
                                     const SignedRequest& request, Evidence& out) {
  if (scheme.shape == Shape::kAdyen) return read_adyen_items(request, out);
  if (scheme.shape == Shape::kMailgun) return read_mailgun(request, out);
  SignatureHeader header;
  std::string form;
  Claim& claim = out.claims.emplace_back();
  if (auto refused = read_headers(scheme, request, header)) return refused;
  if (auto refused = decode_all(scheme, header, claim.signatures)) return refused;
  if (auto refused = read_time(scheme, request, header, out)) return refused;
  if (!scheme.id_header.empty()) {
    std::string_view id;
    if (auto refused = take_header(request, scheme.id_header, id)) return refused;
    out.id = id;
  }
  if (text.uses_url() && request.url.empty())
    return refuse(Reason::kMissingUrl, "the URL is signed: set public_url, or give --url");
  if (auto refused = read_form(scheme, text, request, form)) return refused;
  return add_texts(scheme, text, request, form, out, claim);
}

std::optional<Verdict> read_body_time(const Scheme& scheme, const SignedRequest& request,
                                      Evidence& out) {
  const JsonFacts facts(request.body);
  const auto text = facts.text(scheme.time_pointer);
  if (text) out.signed_at_ms = parse_moment(*text, scheme.unit);
  if (out.signed_at_ms) return std::nullopt;
  return refuse(Reason::kMalformedBody,
                "the body has no time at " + scheme.time_pointer + ", so its age is unknown");
}

}  // namespace penstock::verify
