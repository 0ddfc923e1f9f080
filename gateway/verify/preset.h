// The senders we know, and how each signs. Data plus a few lines; the tables are in presets_*.cc.
//
// Lifecycle: presets() is built once, on first use, and never changes. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/scheme.h"

namespace penstock::verify {

/// A signature that a sender used to send and that is refused, with what to do about it.
struct Retired {
  std::string header;
  std::string advice;
};

struct Preset {
  std::string name;
  std::string title;                      ///< the sender, for people
  std::vector<Scheme> schemes;            ///< the strongest first; the first that applies is used
  std::vector<std::string> aliases = {};  ///< other names it is known by
  std::vector<Retired> retired = {};
};

/// All of them, sorted by name.
std::span<const Preset> presets();
/// By name or alias, whatever its case and separators; nullptr when there is none.
const Preset* find_preset(std::string_view name);
/// " – did you mean \"X\"?", or "".
std::string preset_suggestion(std::string_view name);
/// The headers a preset reads, each once.
std::vector<std::string> headers_read(const Preset& preset);
/// The preset, other than `but`, whose signature header this is; nullptr when there is none, or
/// several with the same claim.
const Preset* preset_of_header(std::string_view header, const Preset& but);

// The tables.
std::vector<Preset> standard_presets();
std::vector<Preset> code_presets();
std::vector<Preset> money_presets();
std::vector<Preset> message_presets();
std::vector<Preset> business_presets();

}  // namespace penstock::verify
