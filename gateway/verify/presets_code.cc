// Where code lives and runs.
#include "gateway/verify/preset.h"

namespace penstock::verify {

namespace {

Scheme github_like(const std::string& header) {
  return {.name = "sha256", .header = header, .layout = Layout::kPrefixed, .mark = "sha256="};
}

Scheme plain_hex(const std::string& header, Hash hash = Hash::kSha256) {
  return {.name = std::string(hash_name(hash)), .hash = hash, .header = header};
}

Preset gitlab() {
  Scheme signature = {.name = "v1",
                      .secret = SecretForm::kWebhookSecret,
                      .header = "webhook-signature",
                      .layout = Layout::kVersioned,
                      .mark = "v1",
                      .encoding = Encoding::kBase64,
                      .time_header = "webhook-timestamp",
                      .id_header = "webhook-id",
                      .tolerance_s = 300,
                      .text = "{id}.{timestamp}.{body}"};
  Scheme token = {.name = "token", .method = Method::kToken, .header = "x-gitlab-token"};
  return {.name = "gitlab", .title = "GitLab", .schemes = {signature, token}};
}

Preset linear() {
  return {.name = "linear",
          .title = "Linear",
          .schemes = {{.name = "sha256",
                       .header = "linear-signature",
                       .time_pointer = "/webhookTimestamp",
                       .unit = TimeUnit::kMilliseconds,
                       .tolerance_s = 60}}};
}

Preset trello() {
  return {.name = "trello",
          .title = "Trello",
          .schemes = {{.name = "sha1",
                       .hash = Hash::kSha1,
                       .header = "x-trello-webhook",
                       .encoding = Encoding::kBase64,
                       .text = "{body}{url}"}}};
}

Preset pagerduty() {
  return {.name = "pagerduty",
          .title = "PagerDuty (v3 webhooks)",
          .schemes = {{.name = "v1",
                       .header = "x-pagerduty-signature",
                       .layout = Layout::kPairs,
                       .mark = "v1"}}};
}

Preset circleci() {
  return {
      .name = "circleci",
      .title = "CircleCI",
      .schemes = {
          {.name = "v1", .header = "circleci-signature", .layout = Layout::kPairs, .mark = "v1"}}};
}

Preset webflow() {
  return {.name = "webflow",
          .title = "Webflow",
          .schemes = {{.name = "sha256",
                       .header = "x-webflow-signature",
                       .time_header = "x-webflow-timestamp",
                       .unit = TimeUnit::kMilliseconds,
                       .tolerance_s = 300,
                       .text = "{timestamp}:{body}"}}};
}

Preset sanity() {
  return {.name = "sanity",
          .title = "Sanity",
          .schemes = {{.name = "v1",
                       .header = "sanity-webhook-signature",
                       .layout = Layout::kPairs,
                       .mark = "v1",
                       .time_mark = "t",
                       .encoding = Encoding::kBase64Url,
                       .unit = TimeUnit::kMilliseconds,
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "{timestamp}.{body}"}}};
}

Preset cloudflare() {
  return {.name = "cloudflare-stream",
          .title = "Cloudflare Stream",
          .schemes = {{.name = "sig1",
                       .header = "webhook-signature",
                       .layout = Layout::kPairs,
                       .mark = "sig1",
                       .time_mark = "time",
                       .tolerance_s = 300,
                       .tolerance_is_ours = true,
                       .text = "{timestamp}.{body}"}}};
}

Preset heroku() {
  return {.name = "heroku",
          .title = "Heroku",
          .schemes = {{.name = "sha256",
                       .header = "heroku-webhook-hmac-sha256",
                       .encoding = Encoding::kBase64}}};
}

}  // namespace

std::vector<Preset> code_presets() {
  return {
      {.name = "github",
       .title = "GitHub",
       .schemes = {github_like("x-hub-signature-256")},
       .retired = {{"x-hub-signature",
                    "only the SHA-1 signature is there, which is not accepted: GitHub sends "
                    "x-hub-signature-256 when the webhook has a secret"}}},
      gitlab(),
      {.name = "bitbucket",
       .title = "Bitbucket",
       .schemes = {github_like("x-hub-signature")},
       .aliases = {"jira", "atlassian"}},
      {.name = "gitea",
       .title = "Gitea and Forgejo",
       .schemes = {plain_hex("x-gitea-signature"), plain_hex("x-forgejo-signature")},
       .aliases = {"forgejo"}},
      {.name = "sentry", .title = "Sentry", .schemes = {plain_hex("sentry-hook-signature")}},
      {.name = "vercel",
       .title = "Vercel",
       .schemes = {plain_hex("x-vercel-signature", Hash::kSha1)}},
      {.name = "notion", .title = "Notion", .schemes = {github_like("x-notion-signature")}},
      {.name = "doppler", .title = "Doppler", .schemes = {github_like("x-doppler-signature")}},
      linear(),
      trello(),
      pagerduty(),
      circleci(),
      webflow(),
      sanity(),
      cloudflare(),
      heroku(),
  };
}

}  // namespace penstock::verify
