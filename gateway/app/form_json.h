// What is not JSON, as JSON: forms, queries, texts and bytes. Pure.
//
//   a=1&b=2&b=3                  {"a":"1","b":["2","3"]}      values stay strings, repeats are
//   lists payload={"type":"x"}         {"type":"x"}                 Slack's and GitHub's way to
//   post JSON a text                       {"text":"…"} other bytes
//   {"base64":"…","content_type":"…"} a file of a multipart form
//   {"filename":"…","content_type":"…","base64":"…"}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/app/media_type.h"
#include "proto/problem.h"

namespace penstock::gateway {

/// The JSON, or why not.
using MadeJson = std::variant<std::string, Rejected>;

/// application/x-www-form-urlencoded, or a query.
MadeJson form_json(std::string_view form);
/// multipart/form-data. `files`: they may come too.
MadeJson multipart_json(std::string_view body, const std::string& boundary, bool files);
/// The value of a form's only field, where that is `payload`; nullopt for any other form. It may or
/// may not be JSON.
std::optional<std::string> payload_of(std::string_view form);
std::string text_json(std::string_view text, bool latin1);
std::string bytes_json(std::string_view bytes, const std::string& content_type);
bool is_utf8(std::string_view text);

}  // namespace penstock::gateway
