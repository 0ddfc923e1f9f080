// Reading and showing one field's value; the other half of fields.h.
#include <algorithm>

#include "gateway/config/fields.h"
#include "gateway/config/units.h"
#include "proto/suggest.h"

namespace penstock::gateway {

namespace {

constexpr size_t list_entries_max = 1000;
constexpr size_t value_bytes_max = 4096;

std::vector<std::string_view> words_of(std::string_view choices) {
  std::vector<std::string_view> words;
  while (!choices.empty()) {
    const size_t bar = std::min(choices.find('|'), choices.size());
    words.push_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return words;
}

Status set_text(Config& config, const Field& field, const std::string& text) {
  if (field.kind == FieldKind::kChoice) {
    const auto words = words_of(field.metavar);
    if (std::ranges::find(words, text) == words.end()) {
      return Status::invalid("\"" + text + "\" is not one of " + std::string(field.metavar) +
                             did_you_mean(text, words));
    }
  }
  config.*std::get<std::string Config::*>(field.member) = text;
  return {};
}

Result<uint64_t> parse_number(const Field& field, const std::string& text) {
  if (field.kind == FieldKind::kBytes) return parse_bytes(text);
  if (field.kind == FieldKind::kDuration) return parse_duration_ms(text, 1);
  return parse_count(text);
}

std::string show_number(const Field& field, uint64_t value) {
  if (field.kind == FieldKind::kBytes) return show_bytes(value);
  if (field.kind == FieldKind::kDuration) return show_duration(value);
  return std::to_string(value);
}

Status set_number(Config& config, const Field& field, const std::string& text) {
  const Result<uint64_t> number = parse_number(field, text);
  if (!number) return number.status();
  if (*number < field.least || *number > field.most) {
    return Status::invalid(text + " is out of range: from " + show_number(field, field.least) +
                           " to " + show_number(field, field.most));
  }
  config.*std::get<uint64_t Config::*>(field.member) = *number;
  return {};
}

Status set_switch(Config& config, const Field& field, const std::string& text) {
  const bool yes = text == "true" || text == "1", no = text == "false" || text == "0";
  if (!yes && !no) return Status::invalid("\"" + text + "\" is neither true nor false");
  config.*std::get<bool Config::*>(field.member) = yes;
  return {};
}

Status set_address(Config& config, const Field& field, const std::string& text) {
  const Result<Address> address = Address::parse(text);
  if (!address) return address.status();
  config.*std::get<Address Config::*>(field.member) = *address;
  return {};
}

}  // namespace

Status assign(Config& config, const Field& field, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (value.size() > value_bytes_max) return Status::invalid("the value is over 4096 bytes long");
    if (value.find('\0') != std::string::npos) return Status::invalid("the value has a NUL in it");
  }
  if (field.kind == FieldKind::kList) {
    if (values.size() > list_entries_max) return Status::invalid("over 1000 entries");
    config.*std::get<std::vector<std::string> Config::*>(field.member) = values;
    return {};
  }
  if (values.size() != 1)
    return Status::invalid("takes one value, not " + std::to_string(values.size()));
  switch (field.kind) {
    case FieldKind::kCount:
    case FieldKind::kBytes:
    case FieldKind::kDuration:
      return set_number(config, field, values[0]);
    case FieldKind::kSwitch:
      return set_switch(config, field, values[0]);
    case FieldKind::kAddress:
      return set_address(config, field, values[0]);
    default:
      return set_text(config, field, values[0]);
  }
}

std::vector<std::string> show(const Config& config, const Field& field) {
  if (const auto* list = std::get_if<std::vector<std::string> Config::*>(&field.member)) {
    return config.*(*list);
  }
  if (const auto* number = std::get_if<uint64_t Config::*>(&field.member)) {
    return {show_number(field, config.*(*number))};
  }
  if (const auto* flag = std::get_if<bool Config::*>(&field.member)) {
    return {config.*(*flag) ? "true" : "false"};
  }
  const auto* address = std::get_if<Address Config::*>(&field.member);
  const std::string text =
      address ? (config.*(*address)).text() : config.*std::get<std::string Config::*>(field.member);
  return text.empty() ? std::vector<std::string>{} : std::vector<std::string>{text};
}

}  // namespace penstock::gateway
