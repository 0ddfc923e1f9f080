// Customers, documents, tasks.
#include "gateway/verify/preset.h"

namespace penstock::verify {

namespace {

Scheme plain(const std::string& header, Encoding encoding, Hash hash = Hash::kSha256) {
  return {
      .name = std::string(hash_name(hash)), .hash = hash, .header = header, .encoding = encoding};
}

Scheme hubspot_v3() {
  return {.name = "v3",
          .header = "x-hubspot-signature-v3",
          .encoding = Encoding::kBase64,
          .time_header = "x-hubspot-request-timestamp",
          .unit = TimeUnit::kMilliseconds,
          .tolerance_s = 300,
          .text = "{method}{url}{body}{timestamp}",
          .url_rule = UrlRule::kUnescaped};
}

/// `pinned`: used whatever x-hubspot-signature-version says.
Scheme hubspot_v2(bool pinned) {
  return {.name = "v2",
          .method = Method::kDigest,
          .header = "x-hubspot-signature",
          .when_header = pinned ? "" : "x-hubspot-signature-version",
          .when_value = "v2",
          .when_missing = false,
          .text = "{secret}{method}{url}{body}"};
}

Scheme hubspot_v1(bool pinned) {
  return {.name = "v1",
          .method = Method::kDigest,
          .header = "x-hubspot-signature",
          .when_header = pinned ? "" : "x-hubspot-signature-version",
          .when_value = "v1",
          .text = "{secret}{body}"};
}

Preset intercom() {
  return {.name = "intercom",
          .title = "Intercom",
          .schemes = {{.name = "sha1",
                       .hash = Hash::kSha1,
                       .header = "x-hub-signature",
                       .layout = Layout::kPrefixed,
                       .mark = "sha1="}}};
}

Preset typeform() {
  return {.name = "typeform",
          .title = "Typeform",
          .schemes = {{.name = "sha256",
                       .header = "typeform-signature",
                       .layout = Layout::kPrefixed,
                       .mark = "sha256=",
                       .encoding = Encoding::kBase64}}};
}

Preset docusign() {
  Scheme scheme = plain("x-docusign-signature-1", Encoding::kBase64);
  for (int i = 2; i <= 10; ++i)
    scheme.more_headers.push_back("x-docusign-signature-" + std::to_string(i));
  return {.name = "docusign", .title = "Docusign Connect", .schemes = {scheme}};
}

Preset box() {
  Scheme scheme = plain("box-signature-primary", Encoding::kBase64);
  scheme.more_headers = {"box-signature-secondary"};
  scheme.time_header = "box-delivery-timestamp";
  scheme.unit = TimeUnit::kIso8601;
  scheme.tolerance_s = 600;
  scheme.text = "{body}{timestamp}";
  return {.name = "box", .title = "Box", .schemes = {scheme}};
}

Preset zendesk() {
  Scheme scheme = plain("x-zendesk-webhook-signature", Encoding::kBase64);
  scheme.time_header = "x-zendesk-webhook-signature-timestamp";
  scheme.unit = TimeUnit::kIso8601;
  scheme.tolerance_s = 300;
  scheme.tolerance_is_ours = true;
  scheme.text = "{timestamp}{body}";
  return {.name = "zendesk", .title = "Zendesk", .schemes = {scheme}};
}

Preset workos() {
  return {.name = "workos",
          .title = "WorkOS",
          .schemes = {{.name = "v1",
                       .header = "workos-signature",
                       .layout = Layout::kPairs,
                       .mark = "v1",
                       .time_mark = "t",
                       .unit = TimeUnit::kMilliseconds,
                       .tolerance_s = 180,
                       .text = "{timestamp}.{body}"}}};
}

Preset elevenlabs() {
  return {.name = "elevenlabs",
          .title = "ElevenLabs",
          .schemes = {{.name = "v0",
                       .header = "elevenlabs-signature",
                       .layout = Layout::kPairs,
                       .mark = "v0",
                       .time_mark = "t",
                       .tolerance_s = 1800,
                       .text = "{timestamp}.{body}"}}};
}

Preset customer_io() {
  return {.name = "customer-io",
          .title = "Customer.io",
          .schemes = {{.name = "v0",
                       .header = "x-cio-signature",
                       .time_header = "x-cio-timestamp",
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "v0:{timestamp}:{body}"}}};
}

Preset teams() {
  return {.name = "teams",
          .title = "Microsoft Teams outgoing webhooks",
          .schemes = {{.name = "hmac",
                       .secret = SecretForm::kBase64,
                       .header = "authorization",
                       .layout = Layout::kPrefixed,
                       .mark = "HMAC ",
                       .encoding = Encoding::kBase64}},
          .aliases = {"microsoft-teams"}};
}

}  // namespace

std::vector<Preset> business_presets() {
  return {
      {.name = "hubspot",
       .title = "HubSpot",
       .schemes = {hubspot_v3(), hubspot_v2(false), hubspot_v1(false)}},
      {.name = "hubspot-v1", .title = "HubSpot, v1 only", .schemes = {hubspot_v1(true)}},
      {.name = "hubspot-v2", .title = "HubSpot, v2 only", .schemes = {hubspot_v2(true)}},
      {.name = "hubspot-v3", .title = "HubSpot, v3 only", .schemes = {hubspot_v3()}},
      {.name = "asana", .title = "Asana", .schemes = {plain("x-hook-signature", Encoding::kHex)}},
      {.name = "dropbox",
       .title = "Dropbox",
       .schemes = {plain("x-dropbox-signature", Encoding::kHex)}},
      {.name = "onfido", .title = "Onfido", .schemes = {plain("x-sha2-signature", Encoding::kHex)}},
      {.name = "front",
       .title = "Front",
       .schemes = {plain("x-front-signature", Encoding::kBase64, Hash::kSha1)}},
      {.name = "help-scout",
       .title = "Help Scout",
       .schemes = {plain("x-helpscout-signature", Encoding::kBase64, Hash::kSha1)}},
      intercom(),
      typeform(),
      docusign(),
      box(),
      zendesk(),
      workos(),
      elevenlabs(),
      customer_io(),
      teams(),
  };
}

}  // namespace penstock::verify
