#include "gateway/verify/free_form.h"

#include <array>

#include "gateway/verify/signed_text.h"

namespace penstock::verify {

namespace {

/// The value that a word stands for, or the sentence that lists the words.
template <class T, size_t N>
Result<T> chosen(const char* what, const std::string& word,
                 const std::array<std::pair<const char*, T>, N>& known) {
  std::string words;
  for (const auto& [name, value] : known) {
    if (word == name) return value;
    (words += words.empty() ? "" : ", ") += name;
  }
  return Status::invalid(std::string(what) + " \"" + word + "\" is unknown; there are " + words);
}

constexpr std::array<std::pair<const char*, Hash>, 4> kHashes = {{{"sha1", Hash::kSha1},
                                                                  {"sha256", Hash::kSha256},
                                                                  {"sha384", Hash::kSha384},
                                                                  {"sha512", Hash::kSha512}}};
constexpr std::array<std::pair<const char*, Encoding>, 4> kEncodings = {
    {{"hex", Encoding::kHex},
     {"base64", Encoding::kBase64},
     {"base64url", Encoding::kBase64Url},
     {"any", Encoding::kAny}}};
constexpr std::array<std::pair<const char*, SecretForm>, 4> kSecrets = {
    {{"text", SecretForm::kText},
     {"hex", SecretForm::kHex},
     {"base64", SecretForm::kBase64},
     {"whsec", SecretForm::kWebhookSecret}}};
constexpr std::array<std::pair<const char*, TimeUnit>, 3> kUnits = {
    {{"s", TimeUnit::kSeconds}, {"ms", TimeUnit::kMilliseconds}, {"iso", TimeUnit::kIso8601}}};

/// A placeholder without its source, or a source that is not signed: both are mistakes.
Status check_sources(const FreeForm& form) {
  const Result<TextTemplate> text = TextTemplate::parse(form.text);
  if (!text) return text.status();
  if (form.header.empty()) return Status::invalid("the signature's header has no name");
  if (text->uses_timestamp() == form.timestamp_header.empty())
    return Status::invalid("a timestamp header and {timestamp} in what is signed go together");
  if (text->uses_id() == form.id_header.empty())
    return Status::invalid("an id header and {id} in what is signed go together");
  if (form.text.find("{secret}") != std::string::npos)
    return Status::invalid("{secret} cannot be part of what an HMAC signs");
  return Status();
}

bool is_signature_name(std::string_view name) {
  std::string small(name);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return small.find("signature") != std::string::npos || small.find("hmac") != std::string::npos;
}

}  // namespace

FreeForm guessed(FreeForm form, const SignedRequest& request) {
  const FreeForm plain;
  if (form.header == plain.header && find_header(request, form.header).count == 0)
    for (const HeaderView& header : request.headers)
      if (is_signature_name(header.name)) form.header = header.name;
  const std::string_view value = header_value(request, form.header).value_or("");
  const bool algorithm_open = form.algorithm == plain.algorithm;
  for (const auto& [name, hash] : kHashes) {
    const std::string mark = std::string(name) + "=";
    if (!form.prefix.empty() || !value.starts_with(mark)) continue;
    form.prefix = mark;
    if (algorithm_open) form.algorithm = name;
    return form;
  }
  if (!algorithm_open || value.size() < form.prefix.size()) return form;
  const auto bytes = decode(Encoding::kAny, value.substr(form.prefix.size()));
  for (const auto& [name, hash] : kHashes)
    if (bytes && bytes->size() == hash_bytes(hash)) form.algorithm = name;
  return form;
}

Result<Preset> free_form_preset(const FreeForm& form) {
  PENSTOCK_TRY(check_sources(form));
  const auto hash = chosen("the algorithm", form.algorithm, kHashes);
  const auto encoding = chosen("the encoding", form.encoding, kEncodings);
  const auto secret = chosen("the secret's encoding", form.secret_encoding, kSecrets);
  const auto unit = chosen("the timestamp's unit", form.timestamp_unit, kUnits);
  if (!hash) return hash.status();
  if (!encoding) return encoding.status();
  if (!secret) return secret.status();
  if (!unit) return unit.status();
  Scheme scheme = {.name = "hmac-" + form.algorithm,
                   .hash = *hash,
                   .secret = *secret,
                   .header = form.header,
                   .layout = form.prefix.empty() ? Layout::kWhole : Layout::kPrefixed,
                   .mark = form.prefix,
                   .encoding = *encoding,
                   .time_header = form.timestamp_header,
                   .unit = *unit,
                   .id_header = form.id_header,
                   .tolerance_s = form.timestamp_header.empty() ? 0 : form.tolerance_s,
                   .text = form.text};
  return Preset{.name = "hmac", .title = "HMAC", .schemes = {scheme}};
}

}  // namespace penstock::verify
