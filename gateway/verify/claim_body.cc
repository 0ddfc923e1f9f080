// Adyen and Mailgun: signatures inside the body.
#include "gateway/verify/claim.h"
#include "gateway/verify/form.h"
#include "gateway/verify/json_fact.h"
#include "gateway/verify/moment.h"
#include "proto/limits.h"

namespace penstock::verify {

namespace {

/// Adyen's documents and libraries disagree on whether these are escaped, so both are tried.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == ':') out += '\\';
    out += c;
  }
  return out;
}

constexpr std::string_view kAdyenFields[] = {
    "/pspReference", "/originalReference", "/merchantAccountCode", "/merchantReference",
    "/amount/value", "/amount/currency",   "/eventCode",           "/success"};

std::vector<std::string> adyen_values(const JsonFacts& facts, const std::string& item) {
  std::vector<std::string> values;
  for (const std::string_view field : kAdyenFields)
    values.push_back(facts.text(item + std::string(field)).value_or(""));
  return values;
}

std::optional<Verdict> add_item(const std::vector<std::string>& values,
                                const std::optional<std::string>& signature, Evidence& out) {
  if (!signature || signature->empty())
    return refuse(Reason::kMissingHeader, "an item of the body has no hmacSignature");
  Claim& claim = out.claims.emplace_back();
  auto bytes = decode(Encoding::kBase64, *signature);
  if (!bytes) return refuse(Reason::kMalformedBody, "an hmacSignature in the body is not base64");
  claim.signatures.push_back(std::move(*bytes));
  std::string plain, careful;
  for (const std::string& value : values) {
    const std::string_view colon = &value == values.data() ? "" : ":";
    (plain += colon) += value;
    (careful += colon) += escaped(value);
  }
  if (careful != plain) claim.texts.emplace_back().hold_and_add(std::move(careful));
  claim.texts.emplace_back().hold_and_add(std::move(plain));
  return std::nullopt;
}

/// A member twice over: we would check one and the workflow might read the other.
bool ambiguous(const JsonFacts& facts, const std::string& item) {
  for (const char* part : {"", "/additionalData", "/amount"})
    if (facts.repeats_member(item + part)) return true;
  return facts.repeats_member(item.substr(0, item.rfind('/')));
}

}  // namespace

std::optional<Verdict> read_adyen_items(const SignedRequest& request, Evidence& out) {
  const JsonFacts facts(request.body);
  const size_t count = facts.array_size("/notificationItems").value_or(0);
  if (count == 0)
    return refuse(
        Reason::kMissingHeader,
        "there is no header hmacsignature and there are no notificationItems in the body");
  if (count > limits::signed_items_max || facts.repeats_member(""))
    return refuse(Reason::kMalformedBody, "the body has notificationItems twice, or too many");
  for (size_t i = 0; i < count; ++i) {
    const std::string item = "/notificationItems/" + std::to_string(i) + "/NotificationRequestItem";
    if (ambiguous(facts, item))
      return refuse(Reason::kMalformedBody, "an item of the body has a member twice");
    const auto signature = facts.text(item + "/additionalData/hmacSignature");
    if (auto refused = add_item(adyen_values(facts, item), signature, out)) return refused;
  }
  return std::nullopt;
}

std::optional<Verdict> read_mailgun(const SignedRequest& request, Evidence& out) {
  const JsonFacts facts(request.body);
  const Result<FormFields> form = parse_form(facts.valid() ? "" : request.body);
  std::string found[3];
  static constexpr std::string_view kNames[] = {"timestamp", "token", "signature"};
  for (size_t i = 0; i < 3; ++i) {
    const std::string name(kNames[i]);
    if (facts.valid())
      found[i] = facts.text("/signature/" + name).value_or("");
    else if (form.ok())
      found[i] = form_value(*form, name);
    if (found[i].empty())
      return refuse(Reason::kMissingHeader, "the body has no signature." + name);
  }
  const auto bytes = decode(Encoding::kHex, found[2]);
  out.signed_at_ms = parse_moment(found[0], TimeUnit::kSeconds);
  if (!bytes || !out.signed_at_ms)
    return refuse(Reason::kMalformedBody, "the signature in the body is malformed");
  out.timestamp = found[0];
  out.id = found[1];
  Claim& claim = out.claims.emplace_back();
  claim.signatures.push_back(*bytes);
  claim.texts.emplace_back().hold_and_add(found[0] + found[1]);
  return std::nullopt;
}

}  // namespace penstock::verify
