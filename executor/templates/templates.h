// Ready workflows to start from, compiled into the program from the *.yaml files beside this.
// Constant; any thread.
#pragma once

#include <span>
#include <string_view>

namespace penstock::templates {

struct Template {
  std::string_view name;  ///< also its document.name
  std::string_view text;  ///< YAML; the first line is a comment that says what it does

  /// The first line's sentence.
  std::string_view summary() const;
};

/// All of them, by name.
std::span<const Template> all();

/// The one of this name, or null.
const Template* find(std::string_view name);

}  // namespace penstock::templates
