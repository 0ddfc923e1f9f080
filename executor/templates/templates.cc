#include "executor/templates/templates.h"

#include <algorithm>

namespace penstock::templates {

std::string_view Template::summary() const {
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.starts_with("# ") ? line.substr(2) : std::string_view();
}

const Template* find(std::string_view name) {
  const auto found = std::find_if(all().begin(), all().end(),
                                  [&](const Template& one) { return one.name == name; });
  return found == all().end() ? nullptr : &*found;
}

}  // namespace penstock::templates
