// jq's formats: @text, @json, @csv, @tsv, @html, @uri, @sh, @base64, @base64d, @base32, @base32d.
#pragma once

#include <optional>
#include <string_view>

#include "executor/jq/native/call.h"

namespace penstock::jq {

enum class Format : uint8_t {
  kText,
  kJson,
  kCsv,
  kTsv,
  kHtml,
  kUri,
  kShell,
  kBase64,
  kBase64Decode,
  kBase32,
  kBase32Decode,
};

/// The format of that name, without the '@'.
std::optional<Format> find_format(std::string_view name);
/// The value as a string in that format.
json::Value apply_format(Call& call, Format format, const json::Value& value);
/// A string as it is, everything else as JSON.
std::string to_text(const json::Value& value);

}  // namespace penstock::jq
