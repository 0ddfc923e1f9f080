// The encodings that addresses and bodies need. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "executor/json/value.h"

namespace penstock::executor {

std::string base64(std::string_view bytes);
/// All but RFC 3986's unreserved characters as %XX; `reserved` keeps the reserved ones too.
std::string percent_encoded(std::string_view text, bool reserved = false);
/// A value as it stands in an address, a header or a form: text as it is, the rest as JSON.
std::string plain_text(const json::Value& value);
/// `name=value&…` of an object; an array gives its name once an element, null gives nothing.
std::string form_encoded(const json::Value& object);
/// The text has only well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace penstock::executor
