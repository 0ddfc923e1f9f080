#include "gateway/config/load.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/config/fields.h"
#include "proto/suggest.h"

namespace penstock::gateway {

namespace {

constexpr size_t file_bytes_max = 1024 * 1024;
/// Names the clients and scripts use that are no fields.
constexpr std::string_view other_names[] = {"PENSTOCK_CONFIG", "PENSTOCK_URL", "PENSTOCK_TOKEN",
                                            "PENSTOCK_DEMO_DIR"};

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Status::not_found("cannot read the configuration file " + path);
  std::string text(file_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (in.bad()) return Status::io("cannot read the configuration file " + path);
  if (text.size() > file_bytes_max)
    return Status::invalid(path + " is over 1 MiB: no configuration");
  return text;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> entries;
  std::stringstream in(text);
  for (std::string entry; std::getline(in, entry, ',');) {
    if (!entry.empty()) entries.push_back(entry);
  }
  return entries;
}

/// A PENSTOCK_ name that nothing reads is a typing error more often than not.
void warn_unknown(const std::string& name, std::vector<std::string>& warnings) {
  if (!name.starts_with("PENSTOCK_") ||
      std::ranges::find(other_names, name) != std::end(other_names))
    return;
  std::vector<std::string> known(std::begin(other_names), std::end(other_names));
  for (const Field& field : fields()) known.push_back(field.env());
  if (std::ranges::find(known, name) != known.end()) return;
  const std::vector<std::string_view> views(known.begin(), known.end());
  warnings.push_back("nothing reads the environment's " + name + did_you_mean(name, views));
}

RawValues from_environment(const ConfigSources& sources, std::vector<std::string>& warnings) {
  RawValues values;
  for (const auto& [name, value] : sources.environment) {
    warn_unknown(name, warnings);
    for (const Field& field : fields()) {
      if (field.env() != name) continue;
      const bool list = field.kind == FieldKind::kList;
      values[std::string(field.name)] = {list ? split_list(value) : std::vector{value}, name};
    }
  }
  return values;
}

std::optional<std::string> file_of(const ConfigSources& sources) {
  if (sources.file) return sources.file;
  for (const auto& [name, value] : sources.environment) {
    if (name == "PENSTOCK_CONFIG" && !value.empty()) return value;
  }
  return std::nullopt;
}

RawValues from_file(const ConfigSources& sources, std::vector<std::string>& errors) {
  const std::optional<std::string> file = file_of(sources);
  if (!file) return {};
  Result<std::string> text = read_file(*file);
  if (text.ok()) return parse_config_yaml(*text, *file, errors);
  errors.push_back(text.status().message());
  return {};
}

void take(const RawValues& values, LoadedConfig& loaded) {
  for (const auto& [name, raw] : values) {
    const Field* field = find_field(name);
    const Status status =
        field ? assign(loaded.config, *field, raw.values)
              : Status::invalid("no such setting" + did_you_mean(name, field_names()));
    if (status.ok()) loaded.origins[name] = raw.origin;
    if (!status.ok()) loaded.errors.push_back(raw.origin + ": " + name + ": " + status.message());
  }
}

}  // namespace

LoadedConfig load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  loaded.config.executors = std::max(1u, std::thread::hardware_concurrency());
  take(from_file(sources, loaded.errors), loaded);
  take(from_environment(sources, loaded.warnings), loaded);
  take(sources.flags, loaded);
  check_config(loaded.config, loaded.errors, loaded.warnings);
  return loaded;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

}  // namespace penstock::gateway
