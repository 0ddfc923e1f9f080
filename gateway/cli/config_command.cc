// penstock config check | print: what would be in force, and where each value comes from.
#include "gateway/cli/commands.h"
#include "gateway/cli/config_flags.h"
#include "gateway/config/fields.h"

namespace penstock::gateway {

namespace {

struct PrintOptions {
  ConfigFlags flags;
  bool origin = false;
  bool json = false;
};

bool report(const LoadedConfig& loaded, const Console& console) {
  for (const std::string& warning : loaded.warnings) console.note("warning: " + warning);
  for (const std::string& error : loaded.errors) console.fail(error);
  return loaded.ok();
}

std::string origin_of(const LoadedConfig& loaded, const Field& field) {
  const auto found = loaded.origins.find(field.name);
  return found == loaded.origins.end() ? "default" : found->second;
}

/// A YAML scalar that reads back as the same text: double quotes take JSON's escapes.
std::string yaml_scalar(const Field& field, const std::string& value) {
  const bool plain = field.kind == FieldKind::kSwitch || field.kind == FieldKind::kCount;
  if (plain) return value;
  const std::string object = JsonObject().text("", value).str();
  return object.substr(4, object.size() - 5);
}

std::string yaml_line(const Field& field, const std::vector<std::string>& values) {
  const std::string name(field.name);
  if (values.empty()) return "# " + name + ": (not set)";
  if (field.kind != FieldKind::kList) return name + ": " + yaml_scalar(field, values[0]);
  std::string line = name + ": [";
  for (size_t i = 0; i < values.size(); ++i)
    line += (i ? ", " : "") + yaml_scalar(field, values[i]);
  return line + "]";
}

std::string as_json(const LoadedConfig& loaded) {
  JsonObject all;
  for (const Field& field : fields()) {
    const std::vector<std::string> values = show(loaded.config, field);
    JsonObject one;
    if (field.kind == FieldKind::kList) {
      std::string list;
      for (const std::string& value : values)
        list += (list.empty() ? "" : ",") + yaml_scalar(field, value);
      one.raw("value", "[" + list + "]");
    } else {
      one.raw("value", values.empty() ? "null" : yaml_scalar(field, values[0]));
    }
    all.raw(field.name, one.text("origin", origin_of(loaded, field)).str());
  }
  return all.str() + "\n";
}

int print_config(const PrintOptions& options, const Command& command, const Console& console) {
  const LoadedConfig loaded = options.flags.load(command);
  if (!report(loaded, console)) return kExitFailed;
  if (options.json) return console.print(as_json(loaded)) ? kExitDone : kExitFailed;
  for (const Field& field : fields()) {
    std::string line = yaml_line(field, show(loaded.config, field));
    if (options.origin)
      line += std::string(line.size() < 42 ? 42 - line.size() : 2, ' ') + "# " +
              origin_of(loaded, field);
    console.print(line + "\n");
  }
  return kExitDone;
}

int check_only(const PrintOptions& options, const Command& command, const Console& console) {
  const LoadedConfig loaded = options.flags.load(command);
  if (!report(loaded, console)) return kExitFailed;
  console.print("The configuration is good.\n");
  return kExitDone;
}

}  // namespace

void add_config_commands(Command& root, const Console& console) {
  Command config = root.sub("config", "check or print the configuration");
  Command check = config.sub("check", "say what is wrong with flags, environment and file");
  const auto options = std::make_shared<PrintOptions>();
  options->flags.add_to(check);
  check.action([options, check, &console] { return check_only(*options, check, console); });
  check.examples({"penstock config check --config /etc/penstock.yaml"});

  Command print = config.sub("print", "what would be in force, as a YAML file");
  const auto shown = std::make_shared<PrintOptions>();
  print.flag("--origin", shown->origin, "say where each value comes from");
  print.flag("--json", shown->json, "as JSON, with origins");
  shown->flags.add_to(print);
  print.action([shown, print, &console] { return print_config(*shown, print, console); });
  print.examples({"penstock config print --origin"});
}

}  // namespace penstock::gateway
