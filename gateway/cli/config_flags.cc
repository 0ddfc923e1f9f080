#include "gateway/cli/config_flags.h"

#include "gateway/config/fields.h"

namespace penstock::gateway {

/// The help of a field with what it is when nobody sets it.
static std::string help_of(const Field& field) {
  const std::vector<std::string> value = show(Config(), field);
  const bool said = field.name == "executors" || field.kind == FieldKind::kSwitch || value.empty();
  return std::string(field.help) + (said ? "" : " [" + value[0] + "]");
}

void ConfigFlags::add_to(Command& command) {
  command.option("--config", file_, "FILE",
                 "YAML file of these settings, named with _ for - [PENSTOCK_CONFIG]");
  for (const Field& field : fields()) {
    const std::string name(field.name), metavar(field.metavar);
    if (field.kind == FieldKind::kSwitch) {
      command.flag(field.flag(), switches_[name], help_of(field));
    } else if (field.kind == FieldKind::kList) {
      command.options(field.flag(), lists_[name], metavar, help_of(field));
    } else {
      command.option(field.flag(), texts_[name], metavar, help_of(field));
    }
  }
}

LoadedConfig ConfigFlags::load(const Command& command) const {
  ConfigSources sources{{}, process_environment(), {}};
  if (command.given("--config")) sources.file = file_;
  for (const Field& field : fields()) {
    if (!command.given(field.flag())) continue;
    const std::string name(field.name);
    RawValue raw{{}, field.flag()};
    if (field.kind == FieldKind::kSwitch) raw.values = {switches_.at(name) ? "true" : "false"};
    if (field.kind == FieldKind::kList) raw.values = lists_.at(name);
    if (texts_.contains(name)) raw.values = {texts_.at(name)};
    sources.flags.emplace(name, std::move(raw));
  }
  return load_config(sources);
}

}  // namespace penstock::gateway
