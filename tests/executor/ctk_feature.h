// The conformance kit's feature files: Gherkin as far as the kit uses it. Pure.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace penstock::executor {

struct Step {
  std::string text;      ///< without Given, When, Then, And
  std::string document;  ///< the text between the triple quotes below it
};
struct Scenario {
  std::string name;
  std::vector<Step> steps;
};

inline std::string trimmed(const std::string& line) {
  const size_t first = line.find_first_not_of(" \t\r");
  if (first == line.npos) return "";
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

inline std::vector<Scenario> read_feature(const std::string& text) {
  std::vector<Scenario> scenarios;
  std::istringstream lines(text);
  bool quoted = false;
  size_t indent = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string bare = trimmed(line);
    if (bare.starts_with("\"\"\"")) {
      quoted = !quoted;
      indent = line.find('"');
      continue;
    }
    if (quoted) {
      scenarios.back().steps.back().document +=
          line.substr(std::min(indent, line.find_first_not_of(' ') == line.npos
                                           ? line.size()
                                           : line.find_first_not_of(' '))) +
          "\n";
      continue;
    }
    if (bare.starts_with("Scenario:")) scenarios.push_back({trimmed(bare.substr(9)), {}});
    for (const std::string word : {"Given ", "When ", "Then ", "And "}) {
      if (!scenarios.empty() && bare.starts_with(word))
        scenarios.back().steps.push_back({trimmed(bare.substr(word.size())), ""});
    }
  }
  return scenarios;
}

}  // namespace penstock::executor
