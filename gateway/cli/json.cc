#include "gateway/cli/json.h"

#include <nlohmann/json.hpp>

#include "gateway/log/format.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

bool JsonView::exists() const {
  return value_ && !value_->is_null();
}
bool JsonView::is_object() const {
  return value_ && value_->is_object();
}
bool JsonView::is_text() const {
  return value_ && value_->is_string();
}

JsonView JsonView::operator[](std::string_view member) const {
  if (!is_object()) return JsonView();
  const auto found = value_->find(std::string(member));
  return JsonView(found == value_->end() ? nullptr : &*found);
}

std::vector<JsonView> JsonView::items() const {
  std::vector<JsonView> all;
  if (!value_ || !value_->is_array()) return all;
  for (const Json& item : *value_) all.emplace_back(&item);
  return all;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  std::vector<std::pair<std::string, JsonView>> all;
  if (!is_object()) return all;
  for (const auto& [name, value] : value_->items()) all.emplace_back(name, JsonView(&value));
  return all;
}

std::string JsonView::text() const {
  if (!exists()) return {};
  return is_text() ? value_->get<std::string>() : dump();
}

bool JsonView::is_true() const {
  return value_ && value_->is_boolean() && value_->get<bool>();
}

uint64_t JsonView::number() const {
  return value_ && value_->is_number_unsigned() ? value_->get<uint64_t>() : 0;
}

std::string JsonView::dump(int indent) const {
  if (!value_) return {};
  return value_->dump(indent, ' ', false, Json::error_handler_t::replace);
}

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return Status::invalid("not JSON");
  JsonDocument document;
  document.value_ = std::make_shared<const Json>(std::move(value));
  return document;
}

void JsonObject::name(std::string_view name) {
  body_ += body_.empty() ? "{\"" : ",\"";
  append_json_escaped(name, body_);
  body_ += "\":";
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value) {
  name(key);
  body_ += '"';
  append_json_escaped(value, body_);
  body_ += '"';
  return *this;
}

JsonObject& JsonObject::number(std::string_view key, uint64_t value) {
  return raw(key, std::to_string(value));
}

JsonObject& JsonObject::boolean(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

JsonObject& JsonObject::raw(std::string_view key, std::string_view json) {
  name(key);
  body_ += json;
  return *this;
}

}  // namespace penstock::gateway
