// Where money and goods move.
#include "gateway/verify/preset.h"

namespace penstock::verify {

namespace {

/// Stripe's header, which others have taken over: t=TIME,v1=SIGNATURE over "TIME.BODY".
Scheme stripe_like(const std::string& header, uint32_t tolerance_s, bool ours = false) {
  return {.name = "v1",
          .header = header,
          .layout = Layout::kPairs,
          .mark = "v1",
          .time_mark = "t",
          .tolerance_s = tolerance_s,
          .tolerance_is_ours = ours,
          .text = "{timestamp}.{body}"};
}

Scheme plain(const std::string& header, Encoding encoding, Hash hash = Hash::kSha256) {
  return {
      .name = std::string(hash_name(hash)), .hash = hash, .header = header, .encoding = encoding};
}

Preset square() {
  Scheme scheme = plain("x-square-hmacsha256-signature", Encoding::kBase64);
  scheme.text = "{url}{body}";
  return {.name = "square",
          .title = "Square",
          .schemes = {scheme},
          .retired = {{"x-square-signature",
                       "only Square's SHA-1 signature is there, which is not accepted"}}};
}

Preset paddle() {
  return {.name = "paddle",
          .title = "Paddle Billing",
          .schemes = {{.name = "h1",
                       .header = "paddle-signature",
                       .layout = Layout::kPairs,
                       .mark = "h1",
                       .time_mark = "ts",
                       .separator = ';',
                       .tolerance_s = 5,  // what Paddle's own libraries allow
                       .text = "{timestamp}:{body}"}}};
}

Preset adyen() {
  Scheme items = {.name = "items",
                  .secret = SecretForm::kHex,
                  .encoding = Encoding::kBase64,
                  .shape = Shape::kAdyen};
  Scheme header = {.name = "header",
                   .secret = SecretForm::kHex,
                   .header = "hmacsignature",
                   .encoding = Encoding::kBase64};
  return {.name = "adyen", .title = "Adyen", .schemes = {header, items}};
}

Preset coinbase() {
  return {.name = "coinbase-commerce",
          .title = "Coinbase Commerce",
          .schemes = {plain("x-cc-webhook-signature", Encoding::kHex)},
          .aliases = {"coinbase"}};
}

}  // namespace

std::vector<Preset> money_presets() {
  return {
      {.name = "stripe", .title = "Stripe", .schemes = {stripe_like("stripe-signature", 300)}},
      square(),
      paddle(),
      adyen(),
      {.name = "shopify",
       .title = "Shopify",
       .schemes = {plain("x-shopify-hmac-sha256", Encoding::kBase64)}},
      {.name = "woocommerce",
       .title = "WooCommerce",
       .schemes = {plain("x-wc-webhook-signature", Encoding::kBase64)}},
      {.name = "razorpay",
       .title = "Razorpay",
       .schemes = {plain("x-razorpay-signature", Encoding::kHex)}},
      {.name = "lemon-squeezy",
       .title = "Lemon Squeezy",
       .schemes = {plain("x-signature", Encoding::kHex)}},
      {.name = "gocardless",
       .title = "GoCardless",
       .schemes = {plain("webhook-signature", Encoding::kHex)}},
      {.name = "paystack",
       .title = "Paystack",
       .schemes = {plain("x-paystack-signature", Encoding::kHex, Hash::kSha512)}},
      {.name = "dwolla",
       .title = "Dwolla",
       .schemes = {plain("x-request-signature-sha-256", Encoding::kHex)}},
      {.name = "xero", .title = "Xero", .schemes = {plain("x-xero-signature", Encoding::kBase64)}},
      {.name = "quickbooks",
       .title = "QuickBooks",
       .schemes = {plain("intuit-signature", Encoding::kBase64)},
       .aliases = {"intuit"}},
      {.name = "mux", .title = "Mux", .schemes = {stripe_like("mux-signature", 300)}},
      {.name = "calendly",
       .title = "Calendly",
       .schemes = {stripe_like("calendly-webhook-signature", 180)}},
      {.name = "persona",
       .title = "Persona",
       .schemes = {stripe_like("persona-signature", 300, true)}},
      coinbase(),
  };
}

}  // namespace penstock::verify
