#include "gateway/verify/verifier.h"

#include <algorithm>

#include "gateway/verify/moment.h"
#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr uint32_t ahead_s_min = 60;

std::string joined(const std::vector<std::string_view>& pieces) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

/// The signature of the claim that is this secret's; nullptr when there is none.
const std::string* matching(const Scheme& scheme, const Secret& secret, const SignedText& text,
                            const std::vector<std::string>& signatures) {
  std::string expected = secret.token;
  if (scheme.method == Method::kHmac) expected = secret.mac->sign(text.pieces());
  if (scheme.method == Method::kDigest) expected = digest(scheme.hash, text.pieces(secret.token));
  std::string message;
  if (scheme.method == Method::kPublicKey) message = joined(text.pieces());
  for (const std::string& signature : signatures) {
    const bool same = scheme.method == Method::kPublicKey ? secret.key->verifies(message, signature)
                                                          : same_bytes(expected, signature);
    if (same) return &signature;
  }
  return nullptr;
}

/// Does every claim hold under one secret? Notes the first claim's signature.
bool all_hold(const Scheme& scheme, const Secret& secret, const Evidence& evidence,
              Verdict& verdict) {
  for (const Claim& claim : evidence.claims) {
    const std::string* found = nullptr;
    for (const SignedText& text : claim.texts)
      if (!found) found = matching(scheme, secret, text, claim.signatures);
    if (!found) return false;
    if (verdict.signature.empty() && scheme.method != Method::kToken)
      verdict.signature = encode(Encoding::kBase64, *found);
  }
  return !evidence.claims.empty();
}

std::string age_sentence(const Evidence& evidence, int64_t now_s, uint32_t tolerance_s) {
  const int64_t age_s = now_s - *evidence.signed_at_ms / 1000;
  return "the signed time is " + span_text(age_s) + (age_s > 0 ? " ago" : " ahead of our clock") +
         "; " + span_text(tolerance_s) + " are allowed";
}

/// Judges the signed time of a request whose signature is good.
void judge_age(const Scheme& scheme, const Evidence& evidence, const Age& age, Verdict& verdict) {
  verdict.reason = Reason::kValid;
  if (!evidence.signed_at_ms || scheme.tolerance_s == 0 || !age.checked) return;
  const uint32_t tolerance_s = age.tolerance_s.value_or(scheme.tolerance_s);
  // Two clocks differ, however short a time a sender allows; a caller's own figure is taken as is.
  const uint32_t ahead_s = age.tolerance_s.value_or(std::max(scheme.tolerance_s, ahead_s_min));
  const Freshness fresh = freshness(*evidence.signed_at_ms, age.now_s, tolerance_s, ahead_s);
  if (fresh == Freshness::kFresh) return;
  verdict.reason = fresh == Freshness::kStale ? Reason::kStaleTimestamp : Reason::kFutureTimestamp;
  verdict.detail =
      age_sentence(evidence, age.now_s, fresh == Freshness::kStale ? tolerance_s : ahead_s);
}

}  // namespace

Status Verifier::add_way(const Scheme& scheme, std::span<const std::string> secrets,
                         Status& unfit) {
  Result<TextTemplate> text = TextTemplate::parse(scheme.text);
  if (!text) return text.status();
  Way way{scheme, std::move(*text), {}};
  for (size_t i = 0; i < secrets.size(); ++i) {
    Result<Secret> secret = read_secret(scheme, secrets[i], i);
    if (secret.ok())
      way.secrets.push_back(std::move(*secret));
    else if (unfit.ok())
      unfit = secret.status();
  }
  if (!way.secrets.empty()) ways_.push_back(std::move(way));
  return Status();
}

Result<Verifier> Verifier::create(const Preset& preset, std::span<const std::string> secrets) {
  if (secrets.empty()) return Status::invalid("a secret is needed");
  if (secrets.size() > limits::verify_secrets_max)
    return Status::invalid("at most " + std::to_string(limits::verify_secrets_max) +
                           " secrets may be live");
  Verifier made(preset);
  Status unfit;
  for (const Scheme& scheme : made.preset_.schemes)
    if (Status added = made.add_way(scheme, secrets, unfit); !added.ok()) return added;
  // A secret may fit one scheme of a preset and not another; it must fit one at least.
  for (size_t i = 0; i < secrets.size(); ++i) {
    bool used = false;
    for (const Way& way : made.ways_)
      for (const Secret& secret : way.secrets) used |= secret.index == i;
    if (!used) return unfit;
  }
  return made;
}

/// The first that applies, and those that share its header (v1 and v1a): never a weaker one that a
/// stranger may have chosen by leaving a header out beside a stronger one.
std::vector<const Verifier::Way*> Verifier::ways_for(const SignedRequest& request) const {
  std::vector<const Way*> chosen;
  for (const Way& way : ways_) {
    if (!applies(way.scheme, request)) continue;
    if (chosen.empty() || way.scheme.header == chosen[0]->scheme.header) chosen.push_back(&way);
  }
  return chosen;
}

Verdict Verifier::none_applies(const SignedRequest& request) const {
  for (const Retired& retired : preset_.retired)
    if (find_header(request, retired.header).count > 0)
      return refuse(Reason::kUnsupportedVersion, retired.advice);
  std::string names;
  for (const Way& way : ways_) {
    if (names.find(way.scheme.header) != std::string::npos) continue;
    (names += names.empty() ? "" : " or ") += way.scheme.header;
  }
  return refuse(Reason::kMissingHeader, "the request has no header " + names);
}

Verdict Verifier::verify(const SignedRequest& request, const Age& age) const {
  const std::vector<const Way*> ways = ways_for(request);
  if (ways.empty()) return none_applies(request);
  Verdict first;
  for (const Way* way : ways) {
    Verdict verdict = verify_by(*way, request, age);
    if (verdict.ok()) return verdict;
    // Of two failures the one that got further says more.
    if (way == ways[0] || verdict.reason > first.reason) first = std::move(verdict);
  }
  return first;
}

Verdict Verifier::verify_by(const Way& way, const SignedRequest& request, const Age& age) {
  Evidence evidence;
  if (auto refused = read_evidence(way.scheme, way.text, request, evidence)) {
    refused->scheme = way.scheme.name;
    return *refused;
  }
  Verdict verdict;
  verdict.scheme = way.scheme.name;
  verdict.covers_body = way.scheme.covers_body();
  const auto holds = [&](const Secret& s) { return all_hold(way.scheme, s, evidence, verdict); };
  const auto secret = std::find_if(way.secrets.begin(), way.secrets.end(), holds);
  if (secret == way.secrets.end()) {
    verdict.detail = "the signature is not of this request and secret";
    verdict.signature.clear();
    return verdict;
  }
  verdict.secret_index = secret->index;
  verdict.id = evidence.id;
  if (!way.scheme.time_pointer.empty()) {
    if (auto refused = read_body_time(way.scheme, request, evidence)) return *refused;
  }
  verdict.signed_at_ms = evidence.signed_at_ms;
  judge_age(way.scheme, evidence, age, verdict);
  return verdict;
}

std::string Verifier::signed_text(const SignedRequest& request) const {
  for (const Way* way : ways_for(request)) {
    Evidence evidence;
    if (way->scheme.method == Method::kToken) return {};
    if (read_evidence(way->scheme, way->text, request, evidence)) continue;
    std::string all;
    for (const Claim& claim : evidence.claims)
      (all += all.empty() ? "" : "\n") += claim.texts.front().shown();
    return all;
  }
  return {};
}

}  // namespace penstock::verify
