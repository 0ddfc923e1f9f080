#include "gateway/verify/signature_header.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::verify {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos || parts.size() > 4 * limits::signatures_max) return parts;
    text.remove_prefix(end + 1);
  }
}

Verdict refusal(Reason reason, std::string detail) {
  return {.reason = reason, .detail = std::move(detail)};
}

Verdict malformed(std::string_view name, std::string_view expected) {
  return refusal(Reason::kMalformedHeader,
                 std::string(name) + " is not of the form " + std::string(expected));
}

Verdict unsupported(std::string_view name, std::string_view wanted) {
  return refusal(
      Reason::kUnsupportedVersion,
      std::string(name) + " has no signature of the kind \"" + std::string(wanted) + "\"");
}

std::optional<Verdict> read_prefixed(const Scheme& scheme, std::string_view name,
                                     std::string_view value, SignatureHeader& out) {
  if (value.starts_with(scheme.mark)) {
    out.signatures.push_back(value.substr(scheme.mark.size()));
    return std::nullopt;
  }
  const size_t equals = value.find('=');
  const bool other = equals != std::string_view::npos && equals > 0 && equals + 2 < value.size();
  return other ? unsupported(name, scheme.mark) : malformed(name, scheme.mark + "SIGNATURE");
}

std::string pairs_form(const Scheme& scheme) {
  const std::string signature = scheme.mark + "=SIGNATURE";
  return scheme.time_mark.empty() ? signature
                                  : scheme.time_mark + "=TIME" + scheme.separator + signature;
}

std::optional<Verdict> read_pairs(const Scheme& scheme, std::string_view name,
                                  std::string_view value, SignatureHeader& out) {
  bool others = false;
  for (const std::string_view pair : split(value, scheme.separator)) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return malformed(name, pairs_form(scheme));
    const std::string_view key = trimmed(pair.substr(0, equals));
    const std::string_view content = trimmed(pair.substr(equals + 1));
    if (key == scheme.mark) {
      out.signatures.push_back(content);
    } else if (!scheme.time_mark.empty() && key == scheme.time_mark) {
      if (!out.timestamp.empty()) return malformed(name, pairs_form(scheme));  // which one is it?
      out.timestamp = content;
    } else {
      others = true;
    }
  }
  if (out.signatures.empty())
    return others ? unsupported(name, scheme.mark) : malformed(name, pairs_form(scheme));
  if (!scheme.time_mark.empty() && out.timestamp.empty())
    return malformed(name, pairs_form(scheme));
  return std::nullopt;
}

std::optional<Verdict> read_versioned(const Scheme& scheme, std::string_view name,
                                      std::string_view value, SignatureHeader& out) {
  bool others = false;
  for (const std::string_view item : split(value, ' ')) {
    const size_t comma = item.find(',');
    if (comma == std::string_view::npos) continue;
    if (item.substr(0, comma) == scheme.mark)
      out.signatures.push_back(item.substr(comma + 1));
    else
      others = true;
  }
  if (!out.signatures.empty()) return std::nullopt;
  return others ? unsupported(name, scheme.mark) : malformed(name, scheme.mark + ",SIGNATURE");
}

std::optional<Verdict> read_layout(const Scheme& scheme, std::string_view name,
                                   std::string_view value, SignatureHeader& out) {
  switch (scheme.layout) {
    case Layout::kPrefixed:
      return read_prefixed(scheme, name, value, out);
    case Layout::kPairs:
      return read_pairs(scheme, name, value, out);
    case Layout::kVersioned:
      return read_versioned(scheme, name, value, out);
    case Layout::kList:
      for (const std::string_view item : split(value, ',')) out.signatures.push_back(item);
      return std::nullopt;
    case Layout::kWhole:
      break;
  }
  out.signatures.push_back(value);
  return std::nullopt;
}

}  // namespace

std::optional<Verdict> read_signature_header(const Scheme& scheme, std::string_view name,
                                             std::string_view value, SignatureHeader& out) {
  if (value.size() > limits::signature_header_bytes_max)
    return refusal(Reason::kMalformedHeader,
                   std::string(name) + " is over " +
                       std::to_string(limits::signature_header_bytes_max) + " bytes");
  if (trimmed(value).empty())
    return refusal(Reason::kMissingHeader, "the header " + std::string(name) + " is empty");
  if (auto refused = read_layout(scheme, name, trimmed(value), out)) return refused;
  if (out.signatures.size() > limits::signatures_max)
    return refusal(Reason::kMalformedHeader, std::string(name) + " has more than " +
                                                 std::to_string(limits::signatures_max) +
                                                 " signatures");
  return std::nullopt;
}

}  // namespace penstock::verify
