#include "executor/jq/format.h"

#include <array>

#include "executor/jq/base_codec.h"
#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Value;

constexpr std::string_view names[] = {"text", "json",   "csv",     "tsv",    "html",   "uri",
                                      "sh",   "base64", "base64d", "base32", "base32d"};

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string uri(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(hex[byte >> 4]);
    out.push_back(hex[byte & 15]);
  }
  return out;
}

// `c` doubled or replaced wherever it stands in `text`.
std::string replace_all(std::string_view text, char c, std::string_view with) {
  std::string out;
  for (const char one : text) {
    if (one == c) {
      out += with;
    } else {
      out.push_back(one);
    }
  }
  return out;
}

std::string tsv_field(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string csv_field(std::string_view text) {
  return '"' + replace_all(text, '"', "\"\"") + '"';
}

Value row(Call& call, const Value& value, bool csv) {
  const char* name = csv ? "csv" : "tsv";
  if (!value.is_array()) {
    return call.fail(describe(value) + " cannot be " + name + "-formatted, only array");
  }
  std::string out;
  for (size_t i = 0; i < value.size(); i++) {
    const Value field = value.at(i);
    if (i > 0) out.push_back(csv ? ',' : '\t');
    if (field.is_array() || field.is_object()) {
      return call.fail(describe(field) + " is not valid in a csv row");
    }
    if (field.is_string()) {
      out += csv ? csv_field(field.as_string()) : tsv_field(field.as_string());
    } else if (!field.is_null()) {
      field.write(out);
    }
  }
  return Value::string(std::move(out));
}

Value shell(Call& call, const Value& value) {
  const size_t count = value.is_array() ? value.size() : 1;
  std::string out;
  for (size_t i = 0; i < count; i++) {
    const Value word = value.is_array() ? value.at(i) : value;
    if (word.is_array() || word.is_object()) {
      return call.fail(describe(word) + " can not be escaped for shell");
    }
    if (i > 0) out.push_back(' ');
    out +=
        word.is_string() ? "'" + replace_all(word.as_string(), '\'', "'\\''") + "'" : word.dump();
  }
  return Value::string(std::move(out));
}

Value decode(Call& call, const BaseCodec& codec, const Value& value) {
  const std::string text = to_text(value);
  std::string out;
  switch (codec.decode(text, out)) {
    case BaseCodec::Decoded::kDone:
      return Value::string(json::repaired(out));
    case BaseCodec::Decoded::kTrailing:
      return call.fail("string (" + excerpt(Value::string(text)) + ") trailing " +
                       std::string(codec.name()) + " byte found");
    case BaseCodec::Decoded::kInvalid:
      break;
  }
  return call.fail("string (" + excerpt(Value::string(text)) + ") is not valid " +
                   std::string(codec.name()) + " data");
}

}  // namespace

std::optional<Format> find_format(std::string_view name) {
  for (size_t i = 0; i < std::size(names); i++)
    if (names[i] == name) return static_cast<Format>(i);
  return std::nullopt;
}

std::string to_text(const Value& value) {
  return value.is_string() ? std::string(value.as_string()) : value.dump();
}

Value apply_format(Call& call, Format format, const Value& value) {
  if (format == Format::kText && value.is_string()) return value;
  if (!call.guard.spend_on(value) || !call.guard.room_for(value.weight() * 2)) return {};
  switch (format) {
    case Format::kText:
      return Value::string(to_text(value));
    case Format::kJson:
      return Value::string(value.dump());
    case Format::kCsv:
      return row(call, value, true);
    case Format::kTsv:
      return row(call, value, false);
    case Format::kHtml:
      return Value::string(html(to_text(value)));
    case Format::kUri:
      return Value::string(uri(to_text(value)));
    case Format::kShell:
      return shell(call, value);
    case Format::kBase64:
      return Value::string(BaseCodec::base64().encode(to_text(value)));
    case Format::kBase64Decode:
      return decode(call, BaseCodec::base64(), value);
    case Format::kBase32:
      return Value::string(BaseCodec::base32().encode(to_text(value)));
    case Format::kBase32Decode:
      return decode(call, BaseCodec::base32(), value);
  }
  return {};
}

}  // namespace penstock::jq
