// The YAML file of the configuration: one mapping of names to scalars and lists of scalars.
// The only file here that knows yaml-cpp; its exceptions end here.
#include <yaml-cpp/yaml.h>

#include "gateway/config/fields.h"
#include "gateway/config/load.h"
#include "proto/suggest.h"

namespace penstock::gateway {

namespace {

std::string at(const std::string& file, const YAML::Mark& mark) {
  return file + ":" + std::to_string(mark.line + 1);
}

/// The node's scalars; false when it is something else.
bool scalars_of(const YAML::Node& node, std::vector<std::string>& out) {
  if (node.IsScalar()) out.push_back(node.Scalar());
  if (!node.IsSequence()) return node.IsScalar() || node.IsNull();
  for (const YAML::Node& entry : node) {
    if (!entry.IsScalar()) return false;
    out.push_back(entry.Scalar());
  }
  return true;
}

/// Reads one `key: value`; returns what is wrong with it, "" when nothing is.
std::string read_entry(const YAML::Node& key, const YAML::Node& value, const std::string& file,
                       RawValues& values) {
  if (!key.IsScalar()) return "a setting's name is a word";
  const std::string& name = key.Scalar();
  const Field* field = find_field(name);
  if (!field) return "unknown setting \"" + name + "\"" + did_you_mean(name, field_names());
  if (values.contains(name)) return name + " is set twice, first at " + values[name].origin;
  RawValue raw{{}, at(file, key.Mark())};
  const bool list = field->kind == FieldKind::kList;
  if (!scalars_of(value, raw.values) || (value.IsSequence() && !list)) {
    return name + (list ? " takes a list of words" : " takes one value");
  }
  if (value.IsNull() && !list) return name + " has no value: write one, or leave the line out";
  values.emplace(name, std::move(raw));
  return {};
}

}  // namespace

RawValues parse_config_yaml(const std::string& text, const std::string& file_name,
                            std::vector<std::string>& errors) {
  RawValues values;
  try {
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) return values;
    if (!root.IsMap()) {
      errors.push_back(at(file_name, root.Mark()) + ": expected lines of the form `name: value`");
      return values;
    }
    for (const auto& entry : root) {
      const std::string wrong = read_entry(entry.first, entry.second, file_name, values);
      if (!wrong.empty()) errors.push_back(at(file_name, entry.first.Mark()) + ": " + wrong);
    }
  } catch (const YAML::Exception& e) {
    errors.push_back(at(file_name, e.mark) + ": not YAML: " + e.msg);
  }
  return values;
}

}  // namespace penstock::gateway
