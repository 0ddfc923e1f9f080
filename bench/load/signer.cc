#include "bench/load/signer.h"

#include <array>

#include "proto/suggest.h"

namespace penstock::bench {

/// {id} the message, {t} the time, {s} the signature.
struct Signer::Scheme {
  std::string_view name;
  std::string_view signed_prefix;  ///< what is signed in front of the body
  std::string_view headers;
  bool base64;          ///< else hex
  bool encoded_secret;  ///< the secret is base64, behind an optional whsec_
};

static constexpr std::array<Signer::Scheme, 9> kSchemes = {{
    {"standard-webhooks", "{id}.{t}.",
     "webhook-id: {id}\r\nwebhook-timestamp: {t}\r\nwebhook-signature: v1,{s}\r\n", true, true},
    {"github", "",
     "X-GitHub-Event: push\r\nX-GitHub-Delivery: {id}\r\nX-Hub-Signature-256: sha256={s}\r\n",
     false, false},
    {"stripe", "{t}.", "Stripe-Signature: t={t},v1={s}\r\n", false, false},
    {"slack", "v0:{t}:", "X-Slack-Request-Timestamp: {t}\r\nX-Slack-Signature: v0={s}\r\n", false,
     false},
    {"shopify", "", "X-Shopify-Webhook-Id: {id}\r\nX-Shopify-Hmac-Sha256: {s}\r\n", true, false},
    {"zoom", "v0:{t}:", "x-zm-request-timestamp: {t}\r\nx-zm-signature: v0={s}\r\n", false, false},
    {"linear", "", "Linear-Delivery: {id}\r\nLinear-Signature: {s}\r\n", false, false},
    {"paddle", "{t}:", "Paddle-Signature: ts={t};h1={s}\r\n", false, false},
    {"hmac", "", "{h}: {s}\r\n", false, false},
}};

std::string_view Signer::presets() {
  return "standard-webhooks github stripe slack shopify zoom linear paddle hmac";
}

static const Signer::Scheme* scheme_of(std::string_view name) {
  for (const auto& scheme : kSchemes)
    if (scheme.name == name) return &scheme;
  return nullptr;
}

Signer::Signer(const Scheme& scheme, std::string header, std::unique_ptr<Hmac> hmac)
    : scheme_(scheme), header_(std::move(header)), hmac_(std::move(hmac)) {}

Result<std::unique_ptr<Signer>> Signer::make(std::string_view preset, const std::string& secret,
                                             const std::string& header) {
  const Scheme* scheme = scheme_of(preset);
  if (!scheme)
    return Status::invalid("no signature preset \"" + std::string(preset) + "\"; there are " +
                           std::string(presets()));
  std::string key = secret;
  if (scheme->encoded_secret) {
    const std::string_view bare = secret.starts_with("whsec_") ? std::string_view(secret).substr(6)
                                                               : std::string_view(secret);
    auto decoded = from_base64(bare);
    if (!decoded) return decoded.status();
    key = *std::move(decoded);
  }
  auto hmac = Hmac::make("SHA256", key);
  if (!hmac) return hmac.status();
  return std::unique_ptr<Signer>(
      new Signer(*scheme, header.empty() ? "X-Signature" : header, *std::move(hmac)));
}

/// Copies `form` with its places filled in.
static void fill(std::string_view form, std::string_view id, std::string_view time,
                 std::string_view signature, std::string_view header, std::string& out) {
  while (true) {
    const size_t open = form.find('{');
    out.append(form.substr(0, open));
    if (open == std::string_view::npos) return;
    const size_t close = form.find('}', open);
    const std::string_view place = form.substr(open + 1, close - open - 1);
    out.append(place == "id" ? id : place == "t" ? time : place == "s" ? signature : header);
    form.remove_prefix(close + 1);
  }
}

void Signer::append(std::string_view message, uint64_t unix_s, std::string_view body,
                    std::string& out) {
  const std::string time = std::to_string(unix_s);
  std::string prefix;
  fill(scheme_.signed_prefix, message, time, "", "", prefix);
  const std::string code = hmac_->sign(prefix, body);
  fill(scheme_.headers, message, time, scheme_.base64 ? base64(code) : hex(code), header_, out);
}

}  // namespace penstock::bench
