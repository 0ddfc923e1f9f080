#include "gateway/verify/cause.h"

#include <cstdlib>

#include "gateway/verify/body_spelling.h"
#include "gateway/verify/moment.h"
#include "gateway/verify/url.h"

namespace penstock::verify {

namespace {

/// One request that failed, and the ways to look at it.
class Detective {
 public:
  Detective(const Preset& preset, std::span<const std::string> secrets,
            const SignedRequest& request)
      : preset_(preset), secrets_(secrets.begin(), secrets.end()), request_(request) {}

  std::vector<std::string> run() {
    try_secrets();
    try_bodies();
    try_urls();
    try_writing();
    return std::move(causes_);
  }

 private:
  bool good(const Preset& preset, const std::vector<std::string>& secrets,
            const SignedRequest& request) const {
    const Result<Verifier> verifier = Verifier::create(preset, secrets);
    return verifier.ok() && verifier->verify(request, {.now_s = 0, .checked = false}).ok();
  }
  void note(bool found, std::string sentence) {
    if (found) causes_.push_back(std::move(sentence));
  }

  void try_secret(const std::string& change, const std::string& secret) {
    note(good(preset_, {secret}, request_), "the signature fits the secret " + change);
  }
  void try_form(const std::string& change, SecretForm form, const std::string& secret) {
    Preset other = preset_;
    for (Scheme& scheme : other.schemes) {
      if (scheme.secret == form && secret == secrets_[0]) return;
      if (scheme.method == Method::kHmac) scheme.secret = form;
    }
    note(good(other, {secret}, request_), "the signature fits the secret " + change);
  }
  void try_secrets() {
    for (const std::string& secret : secrets_) {
      const size_t first = secret.find_first_not_of(" \t\r\n");
      const size_t last = secret.find_last_not_of(" \t\r\n");
      const bool padded = first != 0 || last + 1 != secret.size();
      if (padded && first != std::string::npos)
        try_secret("without the white space around it", secret.substr(first, last - first + 1));
      const size_t mark = secret.find('_');
      if (secret.starts_with("whsec_")) {
        try_secret("without its prefix", secret.substr(mark + 1));
        try_form("without its prefix, taken as text", SecretForm::kText, secret.substr(mark + 1));
      } else {
        try_secret("with whsec_ before it", "whsec_" + secret);
      }
      try_form("taken as text, not decoded", SecretForm::kText, secret);
      try_form("decoded from Base64", SecretForm::kBase64, secret);
      try_form("decoded from hex", SecretForm::kHex, secret);
    }
  }

  void try_bodies() {
    for (const BodySpelling& spelling : body_spellings(request_.body)) {
      SignedRequest other = request_;
      other.body = spelling.body;
      note(good(preset_, secrets_, other),
           "the signature fits the body " + spelling.what +
               ": something on the way, or the saving of it, wrote it anew");
    }
  }

  void try_url(const std::string& change, const std::string& url) {
    SignedRequest other = request_;
    other.url = url;
    if (url != request_.url)
      note(good(preset_, secrets_, other),
           "the signature fits the URL " + change + ": set public_url to what the sender calls");
  }
  void try_urls() {
    const UrlParts parts = split_url(request_.url);
    if (!parts.whole) return;
    UrlParts other = parts;
    other.scheme = parts.scheme == "https" ? "http" : "https";
    try_url("with " + std::string(other.scheme), join_url(other));
    other = parts;
    other.port = parts.port.empty() ? default_port(parts.scheme) : std::string_view();
    try_url(parts.port.empty() ? "with its port" : "without its port", join_url(other));
    other = parts;
    const std::string longer = std::string(parts.path) + "/";
    other.path = parts.path.ends_with('/') ? parts.path.substr(0, parts.path.size() - 1)
                                           : std::string_view(longer);
    try_url(parts.path.ends_with('/') ? "without the slash at its end" : "with a slash at its end",
            join_url(other));
    other = parts;
    other.has_query = false;
    try_url("without its query", join_url(other));
  }

  void try_writing() {
    Preset other = preset_;
    for (Scheme& scheme : other.schemes) scheme.encoding = Encoding::kAny;
    note(good(other, secrets_, request_),
         "the signature is right but written in another encoding (hex for Base64, or the reverse)");
    for (const Hash hash : {Hash::kSha1, Hash::kSha256, Hash::kSha384, Hash::kSha512}) {
      other = preset_;
      bool changed = false;
      for (Scheme& scheme : other.schemes) {
        changed |= scheme.method == Method::kHmac && scheme.hash != hash;
        scheme.hash = hash;
      }
      if (changed)
        note(good(other, secrets_, request_),
             "the signature fits with the algorithm " + std::string(hash_name(hash)));
    }
  }

  const Preset& preset_;
  std::vector<std::string> secrets_;
  SignedRequest request_;
  std::vector<std::string> causes_;
};

std::vector<std::string> other_senders(const Preset& preset, const SignedRequest& request) {
  std::vector<std::string> causes;
  for (const HeaderView& header : request.headers)
    if (const Preset* other = preset_of_header(header.name, preset))
      causes.push_back("the request carries " + std::string(header.name) + ", which " +
                       other->title + " sends: is the preset \"" + other->name + "\"?");
  return causes;
}

std::vector<std::string> clock_causes(const Verdict& verdict, const Age& age) {
  const int64_t signed_s = verdict.signed_at_ms.value_or(0) / 1000;
  if (std::abs(signed_s / 1000 - age.now_s) < 10 * 365 * 86'400)
    return {"the timestamp is in milliseconds where this sender signs seconds"};
  if (std::abs(signed_s * 1000 - age.now_s) < 10 * 365 * 86'400)
    return {"the timestamp is in seconds where this sender signs milliseconds"};
  const int64_t off_s = age.now_s - signed_s;
  if (off_s < 0) return {"our clock or the sender's is off by " + std::to_string(-off_s) + " s"};
  return {
      "the request was kept, replayed or is a retry with its first timestamp; or the clock is "
      "off by " +
      std::to_string(off_s) + " s"};
}

}  // namespace

std::vector<std::string> likely_causes(const Preset& preset, std::span<const std::string> secrets,
                                       const SignedRequest& request, const Verdict& verdict,
                                       const Age& age) {
  switch (verdict.reason) {
    case Reason::kValid:
    case Reason::kMissingUrl:
    case Reason::kBodyNotCovered:
    case Reason::kMalformedBody:
      return {};
    case Reason::kMissingHeader:
    case Reason::kUnsupportedVersion:
      return other_senders(preset, request);
    case Reason::kStaleTimestamp:
    case Reason::kFutureTimestamp:
      return clock_causes(verdict, age);
    case Reason::kMalformedHeader:
      return Detective(preset, secrets, request).run();
    case Reason::kBadSignature:
      break;
  }
  std::vector<std::string> causes = Detective(preset, secrets, request).run();
  if (causes.empty())
    causes.push_back(
        "no other spelling of secret, body or URL fits: it is another secret, or the "
        "request was changed on its way");
  return causes;
}

}  // namespace penstock::verify
