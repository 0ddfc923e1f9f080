#include "gateway/app/form_json.h"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <vector>

#include "gateway/app/json_text.h"
#include "gateway/http/chars.h"
#include "gateway/verify/encoding.h"
#include "gateway/verify/form.h"
#include "proto/limits.h"

namespace penstock::gateway {
namespace {

/// Fields in the order of their first coming, each with its values as JSON.
class Fields {
 public:
  void add(const std::string& name, std::string json) {
    const auto [entry, fresh] = places_.try_emplace(name, fields_.size());
    if (fresh) fields_.push_back({name, {}});
    fields_[entry->second].values.push_back(std::move(json));
  }
  std::string json() const {
    std::string out = "{";
    for (const Field& field : fields_) {
      if (out.size() > 1) out += ',';
      append_json_string(out, field.name);
      out += ':';
      if (field.values.size() == 1)
        out += field.values.front();
      else
        append_list(out, field.values);
    }
    return out + "}";
  }

 private:
  struct Field {
    std::string name;
    std::vector<std::string> values;
  };
  static void append_list(std::string& out, const std::vector<std::string>& values) {
    for (size_t i = 0; i < values.size(); i++) out.append(i ? "," : "[").append(values[i]);
    out += ']';
  }

  std::vector<Field> fields_;
  std::map<std::string, size_t> places_;
};

std::string string_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// One part of a multipart body: its head's facts and its content.
struct Part {
  std::string name, filename, content_type;
  bool is_file = false;
  std::string_view content;
};

std::string_view value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return {};
  for (size_t i = 0; i < name.size(); i++)
    if (chars::lower(line[i]) != name[i]) return {};
  line.remove_prefix(name.size() + 1);
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return line;
}

/// name="…" of a Content-Disposition; browsers write a quote as %22 and nothing else escaped.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  const std::string start = "; " + std::string(name) + "=";
  size_t at = value.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  at += start.size();
  if (at >= value.size() || value[at] != '"')
    return std::string(value.substr(at, value.find(';', at) - at));
  std::string out;
  for (at++; at < value.size() && value[at] != '"'; at++) {
    if (value[at] == '\\' && at + 1 < value.size()) at++;
    out += value[at];
  }
  return out;
}

std::optional<Part> read_part(std::string_view text) {
  Part part;
  const size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  std::string_view head = text.substr(0, head_end + 2);
  part.content = text.substr(head_end + 4);
  bool named = false;
  while (!head.empty()) {
    const size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (const auto value = value_of(line, "content-disposition"); !value.empty()) {
      const auto name = parameter(value, "name"), filename = parameter(value, "filename");
      named = name.has_value();
      part.name = name.value_or("");
      part.is_file = filename.has_value();
      part.filename = filename.value_or("");
    }
    if (const auto value = value_of(line, "content-type"); !value.empty())
      part.content_type = std::string(value);
  }
  return named ? std::optional(std::move(part)) : std::nullopt;
}

std::string file_json(const Part& part) {
  return "{\"filename\":" + string_json(part.filename) +
         ",\"content_type\":" + string_json(part.content_type) + ",\"base64\":\"" +
         verify::encode(verify::Encoding::kBase64, part.content) + "\"}";
}

Rejected broken() {
  return {Code::kBadRequest, "the multipart body is malformed"};
}

}  // namespace

MadeJson form_json(std::string_view form) {
  const auto parsed = verify::parse_form(form);
  if (!parsed.ok()) return Rejected{Code::kPayloadTooLarge, "the form has too many fields"};
  Fields fields;
  for (const auto& [name, value] : *parsed) fields.add(name, string_json(value));
  return fields.json();
}

std::optional<std::string> payload_of(std::string_view form) {
  if (!form.starts_with("payload=") || form.find('&') != std::string_view::npos)
    return std::nullopt;
  return verify::percent_decoded(form.substr(8), true);
}

MadeJson multipart_json(std::string_view body, const std::string& boundary, bool files) {
  if (boundary.empty() || boundary.size() > 70) return broken();  // RFC 2046, 5.1.1
  const std::string delimiter = "\r\n--" + boundary;
  // The first one may stand at the very start, without the line end.
  size_t at = body.starts_with(std::string_view(delimiter).substr(2)) ? delimiter.size() - 2
                                                                      : body.find(delimiter);
  if (at == std::string_view::npos) return broken();
  if (!body.starts_with(std::string_view(delimiter).substr(2))) at += delimiter.size();
  Fields fields;
  for (size_t count = 0; !body.substr(at).starts_with("--"); count++) {
    if (count == limits::multipart_parts_max)
      return Rejected{Code::kPayloadTooLarge, "the form has too many parts"};
    const size_t start = body.find("\r\n", at);  // white space may stand behind the delimiter
    if (start == std::string_view::npos) return broken();
    const size_t end = body.find(delimiter, start);
    if (end == std::string_view::npos) return broken();
    const auto part = read_part(body.substr(start + 2, std::max(end, start + 2) - start - 2));
    if (!part) return broken();
    if (part->is_file && !files)
      return Rejected{Code::kUnsupportedMediaType,
                      "This trigger takes no files; its setting any_body lets them in."};
    fields.add(part->name, part->is_file ? file_json(*part) : string_json(part->content));
    at = end + delimiter.size();
  }
  return fields.json();
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string text_json(std::string_view text, bool latin1) {
  std::string wide;
  for (const char c : latin1 ? text : std::string_view()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) wide += static_cast<char>(0xc0 | byte >> 6);
    wide += static_cast<char>(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
  }
  return "{\"text\":" + string_json(latin1 ? wide : text) + "}";
}

std::string bytes_json(std::string_view bytes, const std::string& content_type) {
  return "{\"base64\":\"" + verify::encode(verify::Encoding::kBase64, bytes) +
         "\",\"content_type\":" + string_json(content_type) + "}";
}

}  // namespace penstock::gateway
