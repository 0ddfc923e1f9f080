#include <algorithm>
#include <iterator>

#include "gateway/verify/preset.h"
#include "gateway/verify/request.h"
#include "proto/suggest.h"

namespace penstock::verify {

namespace {

std::vector<Preset> all_presets() {
  std::vector<Preset> all;
  for (auto* table :
       {standard_presets, code_presets, money_presets, message_presets, business_presets}) {
    std::vector<Preset> some = table();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const Preset& a, const Preset& b) { return a.name < b.name; });
  return all;
}

/// Small letters and digits only: "Standard_Webhooks" is "standard-webhooks".
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  const auto same = [&name](const std::string& known) { return same_name(known, name); };
  if (!name.empty() && std::none_of(names.begin(), names.end(), same)) names.push_back(name);
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = all_presets();  // a table, built when first asked for
  return all;
}

const Preset* find_preset(std::string_view name) {
  const std::string wanted = folded(name);
  for (const Preset& preset : presets()) {
    if (folded(preset.name) == wanted) return &preset;
    for (const std::string& alias : preset.aliases)
      if (folded(alias) == wanted) return &preset;
  }
  return nullptr;
}

std::string preset_suggestion(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Preset& preset : presets()) {
    known.push_back(preset.name);
    known.insert(known.end(), preset.aliases.begin(), preset.aliases.end());
  }
  return did_you_mean(name, known);
}

std::vector<std::string> headers_read(const Preset& preset) {
  std::vector<std::string> names;
  for (const Scheme& scheme : preset.schemes) {
    add_once(names, scheme.header);
    for (const std::string& more : scheme.more_headers) add_once(names, more);
    add_once(names, scheme.time_header);
    add_once(names, scheme.id_header);
    add_once(names, scheme.when_header);
  }
  return names;
}

const Preset* preset_of_header(std::string_view header, const Preset& but) {
  const Preset* found = nullptr;
  for (const Preset& preset : presets()) {
    if (preset.name == but.name || preset.name == "hmac") continue;
    for (const Scheme& scheme : preset.schemes) {
      if (!same_name(scheme.header, header) || found == &preset) continue;
      if (found) return nullptr;
      found = &preset;
    }
  }
  return found;
}

}  // namespace penstock::verify
