#include "gateway/app/bus_event.h"

#include <simdjson.h>

#include <set>

#include "gateway/app/json_text.h"

namespace penstock::gateway {
namespace {

constexpr std::string_view kDefaultType = "penstock.delivery";
constexpr size_t kNameBytesMax = 40;  // of an extension; the standard advises 20

void add(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value);
}

std::string_view header_of(const records::EventMeta& meta, std::string_view name) {
  for (const records::Header& header : meta.headers())
    if (header.name() == name) return header.value();
  return {};
}

/// One top-level member of a JSON object, raw; empty: none.
std::string member_of(std::string_view json, std::string_view name) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  std::string_view raw;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return {};
  if (document.find_field_unordered(name).get(value) != simdjson::SUCCESS) return {};
  if (simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS) return {};
  while (!raw.empty() && isspace(static_cast<unsigned char>(raw.back()))) raw.remove_suffix(1);
  return std::string(raw);
}

/// As above, a text's value.
std::string text_of(std::string_view json, std::string_view name) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::ondemand::document document;
  std::string_view text;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return {};
  if (document.find_field_unordered(name).get_string().get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

/// What providers say of an event's kind, where nobody else does.
std::string provider_type(const records::EventMeta& meta, std::string_view body) {
  const std::string_view github = header_of(meta, "x-github-event");
  if (!github.empty()) {
    const std::string action = text_of(body, "action");
    return "github." + std::string(github) + (action.empty() ? "" : "." + action);
  }
  const std::string_view shopify = header_of(meta, "x-shopify-topic");
  if (!shopify.empty()) return "shopify." + std::string(shopify);
  if (!header_of(meta, "stripe-signature").empty()) {
    const std::string type = text_of(body, "type");
    if (!type.empty()) return "stripe." + type;
  }
  return std::string(kDefaultType);
}

std::string extension_name(std::string_view header) {
  std::string name;
  for (const char c : header)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) name += c;
  return name.size() <= kNameBytesMax ? name : std::string();
}

}  // namespace

queue::CloudEvent delivery_event(const Id& id, const records::EventMeta& meta,
                                 std::string_view body) {
  queue::CloudEvent made;
  made.type = meta.type().empty() ? provider_type(meta, body) : meta.type();
  made.source = meta.source().empty() ? "/triggers/" + meta.trigger() : meta.source();
  made.subject = meta.subject();
  std::string& out = made.json;
  out = "{\"specversion\":\"1.0\",\"id\":\"" + id.text() + "\"";
  add(out, "source", made.source);
  add(out, "type", made.type);
  add(out, "subject", made.subject);
  out += ",\"time\":";
  append_json_time(out, id.time_ms());
  add(out, "trigger", meta.trigger());
  add(out, "method", meta.method());
  add(out, "path", meta.path());
  add(out, "query", meta.query());
  std::set<std::string> taken = {
      "specversion", "id",   "source", "type", "subject",         "time",       "trigger",
      "method",      "path", "query",  "data", "datacontenttype", "dataschema", "database64"};
  for (const records::Header& header : meta.headers()) {
    const std::string name = extension_name(header.name());
    if (!name.empty() && taken.insert(name).second) add(out, name, header.value());
  }
  if (!body.empty()) {
    out += ",\"datacontenttype\":\"application/json\",\"data\":";
    out += body;
  }
  out += '}';
  return made;
}

queue::CloudEvent signal_event(const Id& id, const Id& run, std::string_view name,
                               std::string_view body, uint64_t now_ms) {
  queue::CloudEvent made;
  made.type = std::string(signal_type_prefix) + std::string(name);
  made.source = "/v1/runs/" + run.text();
  made.subject = run.text();
  std::string& out = made.json;
  out = "{\"specversion\":\"1.0\",\"id\":\"" + id.text() + "\"";
  add(out, "source", made.source);
  add(out, "type", made.type);
  add(out, "subject", made.subject);
  out += ",\"time\":";
  append_json_time(out, now_ms);
  out += ",\"datacontenttype\":\"application/json\",\"data\":";
  out += body.empty() ? std::string_view("{}") : body;
  out += '}';
  return made;
}

Result<queue::CloudEvent> read_event(std::string json) {
  queue::CloudEvent made;
  made.type = text_of(json, "type");
  made.source = text_of(json, "source");
  made.subject = text_of(json, "subject");
  if (made.type.empty()) return Status::invalid("an event needs a type");
  made.json = std::move(json);
  return made;
}

std::string event_as_read(const std::string& event, std::string_view read) {
  if (read == "envelope") return event;
  std::string data = member_of(event, "data");
  if (data.empty()) return "null";
  if (read != "raw" || data.front() == '"') return data;
  std::string text;
  append_json_string(text, data);
  return text;
}

}  // namespace penstock::gateway
