#include "gateway/app/cloud_event.h"

#include "gateway/app/form_json.h"
#include "gateway/app/json_slices.h"
#include "gateway/app/json_text.h"
#include "gateway/verify/encoding.h"
#include "gateway/verify/form.h"
#include "proto/limits.h"

namespace penstock::gateway {
namespace {

/// What an event must say of itself (CloudEvents 1.0, required attributes).
struct Required {
  std::string id, source, type, version;

  void take(std::string_view name, const std::string& value) {
    if (name == "id")
      id = value;
    else if (name == "source")
      source = value;
    else if (name == "type")
      type = value;
    else if (name == "specversion")
      version = value;
  }
  std::optional<Rejected> missing() const {
    if (version != "1.0")
      return Rejected{Code::kBadRequest, "CloudEvents: specversion must be 1.0"};
    for (const auto& [name, value] : {std::pair("id", &id), {"source", &source}, {"type", &type}})
      if (value->empty())
        return Rejected{Code::kBadRequest, std::string("CloudEvents: ") + name + " is missing"};
    return std::nullopt;
  }
};

/// Lower case letters and digits (CloudEvents 1.0, naming of attributes).
bool is_attribute_name(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name)
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
  return true;
}

void set_fact(records::EventMeta& meta, std::string_view name, const std::string& value) {
  if (name == "type")
    meta.set_type(value);
  else if (name == "source")
    meta.set_source(value);
  else if (name == "subject")
    meta.set_subject(value);
}

/// The value of an attribute: strings decoded, numbers and booleans as they are spelled.
std::optional<std::string> attribute_value(std::string_view json) {
  if (json.empty() || json.front() == '{' || json.front() == '[') return std::nullopt;
  return json.front() == '"' ? json_string(json) : std::string(json);
}

std::optional<Rejected> bad(const std::string& what) {
  return Rejected{Code::kBadRequest, "CloudEvents: " + what};
}

std::optional<Rejected> read_base64(std::string_view value, const std::string& type,
                                    std::string& body) {
  const auto bytes = verify::decode(verify::Encoding::kBase64, json_string(value));
  if (!bytes) return bad("data_base64 is no Base64 text");
  body = bytes_json(*bytes, type.empty() ? "application/octet-stream" : type);
  return std::nullopt;
}

}  // namespace

bool is_binary_cloud_event(const RequestHead& head) {
  return head.header("ce-specversion").has_value();
}

std::optional<Rejected> read_binary_cloud_event(const RequestHead& head, records::EventMeta& meta) {
  Required required;
  for (const std::string_view name : {"specversion", "id", "source", "type", "subject"}) {
    const auto value = head.header("ce-" + std::string(name));
    if (!value) continue;
    const std::string decoded = verify::percent_decoded(*value, false);
    if (!is_utf8(decoded)) return bad("ce-" + std::string(name) + " is not valid UTF-8");
    required.take(name, decoded);
    set_fact(meta, name, decoded);
  }
  return required.missing();
}

std::optional<Rejected> read_cloud_event(std::string_view envelope, records::EventMeta& meta,
                                         std::string& body) {
  if (json_first(envelope) != '{') return bad("an event is a JSON object");
  Required required;
  std::string_view data, base64;
  std::string data_type;
  for (const auto& [name, value] : json_members(envelope)) {
    if (name == "data")
      data = value;
    else if (name == "data_base64")
      base64 = value;
    else if (value == "null")
      continue;  // as if it were not there
    else if (!is_attribute_name(name))
      return bad("attribute names are lower case letters and digits");
    else {
      const auto text = attribute_value(value);
      if (!text) return bad("the attribute " + std::string(name) + " is no plain value");
      required.take(name, *text);
      set_fact(meta, name, *text);
      if (name == "datacontenttype") data_type = *text;
      records::Header& kept = *meta.add_headers();
      kept.set_name("ce-" + std::string(name));
      kept.set_value(*text);
    }
  }
  if (auto missing = required.missing()) return missing;
  if (!data.empty() && !base64.empty()) return bad("data and data_base64 exclude each other");
  if (!base64.empty()) return read_base64(base64, data_type, body);
  body = data.empty() ? "null" : std::string(data);
  return std::nullopt;
}

}  // namespace penstock::gateway
