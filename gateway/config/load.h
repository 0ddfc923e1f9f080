// Loads the configuration: flag over PENSTOCK_* environment over YAML file over default, and keeps
// where each value came from. Reads one file, once; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config/config.h"

namespace penstock::gateway {

/// What was given for one field, before it is read.
struct RawValue {
  std::vector<std::string> values;
  std::string origin;  ///< "--data", "PENSTOCK_DATA" or "FILE:LINE"
};
/// By field name.
using RawValues = std::map<std::string, RawValue, std::less<>>;

struct ConfigSources {
  RawValues flags;
  std::vector<std::pair<std::string, std::string>> environment;  ///< all of it, or a test's
  std::optional<std::string> file;  ///< --config; else PENSTOCK_CONFIG; else none
};

/// A configuration and all that is to be said about it.
struct LoadedConfig {
  Config config;
  std::map<std::string, std::string, std::less<>> origins;  ///< by field name; absent: the default
  std::vector<std::string> errors;  ///< each whole: origin, what is wrong, what to do
  std::vector<std::string> warnings;

  bool ok() const { return errors.empty(); }
};

/// Never fails half-way: all errors of all sources are in the result.
LoadedConfig load_config(const ConfigSources& sources);

/// The values of a YAML text, each with its line as origin; faults go to `errors`.
RawValues parse_config_yaml(const std::string& text, const std::string& file_name,
                            std::vector<std::string>& errors);

/// What is wrong with how the fields go together; part of load_config().
void check_config(const Config& config, std::vector<std::string>& errors,
                  std::vector<std::string>& warnings);

/// The environment of this process as name and value.
std::vector<std::pair<std::string, std::string>> process_environment();

}  // namespace penstock::gateway
