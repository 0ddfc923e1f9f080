// Who carries messages and calls.
#include "gateway/verify/preset.h"

namespace penstock::verify {

namespace {

Scheme plain(const std::string& header, Encoding encoding, Hash hash = Hash::kSha256) {
  return {
      .name = std::string(hash_name(hash)), .hash = hash, .header = header, .encoding = encoding};
}

/// Slack's form, which Zoom and others have taken over: v0=SIGNATURE over "v0:TIME:BODY".
Scheme slack_like(const std::string& header, const std::string& time_header, bool ours) {
  return {.name = "v0",
          .header = header,
          .layout = Layout::kPrefixed,
          .mark = "v0=",
          .time_header = time_header,
          .tolerance_s = 300,
          .tolerance_is_ours = ours,
          .text = "v0:{timestamp}:{body}"};
}

Preset twilio() {
  Scheme scheme = plain("x-twilio-signature", Encoding::kBase64, Hash::kSha1);
  scheme.text = "{url}{form}";
  scheme.url_rule = UrlRule::kEitherPort;
  scheme.shape = Shape::kTwilio;
  return {.name = "twilio", .title = "Twilio", .schemes = {scheme}};
}

Preset mandrill() {
  Scheme scheme = plain("x-mandrill-signature", Encoding::kBase64, Hash::kSha1);
  scheme.text = "{url}{form}";
  return {.name = "mandrill",
          .title = "Mailchimp Transactional (Mandrill)",
          .schemes = {scheme},
          .aliases = {"mailchimp", "mailchimp-transactional"}};
}

Preset discord() {
  return {.name = "discord",
          .title = "Discord interactions",
          .schemes = {{.name = "ed25519",
                       .method = Method::kPublicKey,
                       .secret = SecretForm::kPublicKey,
                       .header = "x-signature-ed25519",
                       .time_header = "x-signature-timestamp",
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "{timestamp}{body}"}}};
}

Preset sendgrid() {
  return {.name = "sendgrid",
          .title = "SendGrid event webhook",
          .schemes = {{.name = "ecdsa",
                       .method = Method::kPublicKey,
                       .key = KeyKind::kP256,
                       .secret = SecretForm::kPublicKey,
                       .header = "x-twilio-email-event-webhook-signature",
                       .encoding = Encoding::kBase64,
                       .time_header = "x-twilio-email-event-webhook-timestamp",
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "{timestamp}{body}"}}};
}

Preset telnyx() {
  return {.name = "telnyx",
          .title = "Telnyx",
          .schemes = {{.name = "ed25519",
                       .method = Method::kPublicKey,
                       .secret = SecretForm::kPublicKey,
                       .header = "telnyx-signature-ed25519",
                       .encoding = Encoding::kBase64,
                       .time_header = "telnyx-timestamp",
                       .tolerance_s = 300,
                       .text = "{timestamp}|{body}"}}};
}

Scheme plivo_v3() {
  return {.name = "v3",
          .header = "x-plivo-signature-v3",
          .more_headers = {"x-plivo-signature-ma-v3"},
          .layout = Layout::kList,
          .encoding = Encoding::kBase64,
          .id_header = "x-plivo-signature-v3-nonce",
          .text = "{url}.{id}",
          .shape = Shape::kPlivo};
}

Scheme plivo_v2() {
  return {.name = "v2",
          .header = "x-plivo-signature-v2",
          .more_headers = {"x-plivo-signature-ma-v2"},
          .layout = Layout::kList,
          .encoding = Encoding::kBase64,
          .id_header = "x-plivo-signature-v2-nonce",
          .text = "{url}{id}",
          .url_rule = UrlRule::kWithoutQuery};
}

Preset meta() {
  return {.name = "meta",
          .title = "Meta: Facebook, Instagram, WhatsApp, Messenger",
          .schemes = {{.name = "sha256",
                       .header = "x-hub-signature-256",
                       .layout = Layout::kPrefixed,
                       .mark = "sha256="}},
          .aliases = {"facebook", "instagram", "whatsapp", "messenger", "threads"},
          .retired = {{"x-hub-signature",
                       "only the SHA-1 signature is there, which is not accepted: Meta sends "
                       "x-hub-signature-256 beside it"}}};
}

Preset mailgun() {
  return {.name = "mailgun",
          .title = "Mailgun",
          .schemes = {{.name = "sha256",
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "{timestamp}{id}",
                       .shape = Shape::kMailgun}}};
}

Preset postmark() {
  return {.name = "postmark",
          .title = "Postmark, and any sender with a name and password in the URL",
          .schemes = {{.name = "basic",
                       .method = Method::kToken,
                       .secret = SecretForm::kUserPassword,
                       .header = "authorization"}},
          .aliases = {"basic"}};
}

Preset x() {
  return {.name = "x",
          .title = "X (Twitter)",
          .schemes = {{.name = "sha256",
                       .header = "x-twitter-webhooks-signature",
                       .layout = Layout::kPrefixed,
                       .mark = "sha256=",
                       .encoding = Encoding::kBase64}},
          .aliases = {"twitter"}};
}

}  // namespace

std::vector<Preset> message_presets() {
  return {
      {.name = "slack",
       .title = "Slack",
       .schemes = {slack_like("x-slack-signature", "x-slack-request-timestamp", false)}},
      {.name = "zoom",
       .title = "Zoom",
       .schemes = {slack_like("x-zm-signature", "x-zm-request-timestamp", true)}},
      {.name = "line", .title = "LINE", .schemes = {plain("x-line-signature", Encoding::kBase64)}},
      {.name = "telegram",
       .title = "Telegram bots",
       .schemes = {{.name = "token",
                    .method = Method::kToken,
                    .header = "x-telegram-bot-api-secret-token"}}},
      {.name = "pusher",
       .title = "Pusher Channels",
       .schemes = {plain("x-pusher-signature", Encoding::kHex)}},
      {.name = "plivo", .title = "Plivo", .schemes = {plivo_v3(), plivo_v2()}},
      {.name = "plivo-v2", .title = "Plivo, V2 only", .schemes = {plivo_v2()}},
      {.name = "plivo-v3", .title = "Plivo, V3 only", .schemes = {plivo_v3()}},
      twilio(),
      mandrill(),
      discord(),
      sendgrid(),
      telnyx(),
      meta(),
      mailgun(),
      postmark(),
      x(),
  };
}

}  // namespace penstock::verify
