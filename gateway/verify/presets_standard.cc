// Standard Webhooks under its two sets of names, and the free-form HMAC.
#include "gateway/verify/preset.h"

namespace penstock::verify {

namespace {

constexpr uint32_t five_minutes_s = 300;

/// `family`: "webhook" or "svix".
Scheme symmetric(const std::string& family) {
  return {.name = "v1",
          .secret = SecretForm::kWebhookSecret,
          .header = family + "-signature",
          .layout = Layout::kVersioned,
          .mark = "v1",
          .encoding = Encoding::kBase64,
          .time_header = family + "-timestamp",
          .id_header = family + "-id",
          .tolerance_s = five_minutes_s,
          .text = "{id}.{timestamp}.{body}"};
}

Scheme asymmetric(const std::string& family) {
  Scheme scheme = symmetric(family);
  scheme.name = scheme.mark = "v1a";
  scheme.method = Method::kPublicKey;
  scheme.secret = SecretForm::kPublicKey;
  return scheme;
}

}  // namespace

std::vector<Preset> standard_presets() {
  return {
      {.name = "standard-webhooks",
       .title = "Standard Webhooks: Svix, Resend, Clerk, OpenAI, Replicate, Supabase, …",
       .schemes = {symmetric("webhook"), asymmetric("webhook"), symmetric("svix"),
                   asymmetric("svix")},
       .aliases = {"standard", "svix", "clerk", "resend", "openai", "replicate", "supabase",
                   "polar", "dodopayments", "deepgram", "brex", "etsy", "lithic", "incident-io",
                   "render", "kong", "liveblocks", "knock", "zapier"}},
      {.name = "hmac",
       .title = "any sender with an HMAC in a header, as you describe it",
       .schemes = {{.name = "hmac", .header = "x-signature", .encoding = Encoding::kAny}},
       .aliases = {"custom", "generic"}},
  };
}

}  // namespace penstock::verify
