// Twilio and Plivo: signatures over URLs and the fields of forms.
#include <algorithm>
#include <map>

#include "gateway/verify/claim.h"
#include "gateway/verify/form.h"
#include "gateway/verify/url.h"

namespace penstock::verify {

namespace {

using SortedFields = std::map<std::string, std::vector<std::string>>;

SortedFields sorted(FormFields fields) {
  SortedFields all;
  for (auto& [name, value] : fields) all[name].push_back(std::move(value));
  for (auto& [name, values] : all) std::sort(values.begin(), values.end());
  return all;
}

/// Each value behind its name and `between`; `behind` between two of them.
std::string joined(const SortedFields& fields, std::string_view between, std::string_view behind) {
  std::string out;
  for (const auto& [name, values] : fields) {
    for (const std::string& value : values) {
      if (!out.empty()) out += behind;
      (out += name) += between;
      out += value;
    }
  }
  return out;
}

bool is_form(const SignedRequest& request) {
  const std::string_view type = media_type(request);
  return type.empty() || same_name(type, "application/x-www-form-urlencoded");
}

Verdict not_covered() {
  return refuse(Reason::kBodyNotCovered,
                "the body is no form, and a signature of this kind covers forms only");
}

/// The value of a field in a URL's query, when there is one.
std::optional<std::string> query_field(std::string_view url, std::string_view name) {
  const Result<FormFields> fields = parse_form(split_url(url).query);
  if (!fields) return std::nullopt;
  for (const auto& [key, value] : *fields)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace

Result<std::string> sorted_form(std::string_view body) {
  Result<FormFields> fields = parse_form(body);
  if (!fields) return fields.status();
  std::sort(fields->begin(), fields->end());
  fields->erase(std::unique(fields->begin(), fields->end()), fields->end());
  std::string out;
  for (const auto& [name, value] : *fields) (out += name) += value;
  return out;
}

std::optional<Verdict> read_twilio_form(const SignedRequest& request, std::string& form) {
  if (const auto hash = query_field(request.url, "bodySHA256")) {
    const std::string own = encode(Encoding::kHex, digest(Hash::kSha256, Pieces(&request.body, 1)));
    if (same_bytes(own, *hash)) return std::nullopt;
    return refuse(Reason::kBadSignature, "the body is not the one whose hash is in the URL");
  }
  if (!request.body.empty() && !is_form(request)) return not_covered();
  Result<std::string> all = sorted_form(request.body);
  if (!all) return refuse(Reason::kMalformedBody, all.status().message());
  form = std::move(*all);
  return std::nullopt;
}

std::optional<Verdict> read_plivo_text(const SignedRequest& request, std::string_view url,
                                       std::string& text) {
  if (!request.body.empty() && !is_form(request)) return not_covered();
  UrlParts parts = split_url(url);
  Result<FormFields> query = parse_form(parts.query);
  Result<FormFields> form = parse_form(request.body);
  if (!query || !form) return refuse(Reason::kMalformedBody, "the form has too many fields");
  parts.has_query = false;
  parts.user = {};
  text = join_url(parts);
  const std::string from_query = joined(sorted(std::move(*query)), "=", "&");
  const bool posted = !form->empty();
  if (posted || !from_query.empty()) (text += '?') += from_query;
  if (posted && !from_query.empty()) text += '.';
  text += joined(sorted(std::move(*form)), "", "");
  return std::nullopt;
}

}  // namespace penstock::verify
