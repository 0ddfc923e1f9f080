#include "executor/screen/event_facts.h"

#include "proto/records.pb.h"

namespace penstock::screen {

json::Value event_facts(const std::string& serialized) {
  records::EventMeta meta;
  meta.ParseFromString(serialized);
  json::Value facts = json::Value::object();
  const std::pair<const char*, const std::string*> texts[] = {
      {"trigger", &meta.trigger()},
      {"method", &meta.method()},
      {"path", &meta.path()},
      {"query", &meta.query()},
      {"content_type", &meta.content_type()},
      {"remote", &meta.remote()},
      {"type", &meta.type()},
      {"source", &meta.source()},
      {"subject", &meta.subject()},
      {"tag", &meta.tag()}};
  for (const auto& [name, text] : texts) facts.set(name, json::Value::string(*text));
  json::Value headers = json::Value::object();
  for (const records::Header& header : meta.headers()) {
    std::string joined(headers.get(header.name()).as_string());
    if (!joined.empty()) joined += ", ";
    headers.set(header.name(), json::Value::string(joined + header.value()));
  }
  facts.set("headers", std::move(headers));
  return facts;
}

}  // namespace penstock::screen
