// The standard's own definitions, read from beside the project, and our templates.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "executor/templates/templates.h"
#include "tests/executor/lint_text.h"
#include "tests/executor/scenario_player.h"

namespace penstock::lint {
namespace {

const std::filesystem::path kExamples = "../shared/ows/examples";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_refused_here(const std::string& name) {
  return name.starts_with("call-asyncapi") || name.starts_with("run-container") ||
         name.starts_with("run-return");
}

TEST_CASE("the standard's examples are sound, but for what is refused here") {
  if (!std::filesystem::exists(kExamples)) return;
  size_t judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kExamples)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string name = entry.path().filename();
    const Report report = lint(read(entry.path()));
    CAPTURE(name);
    CHECK(report.sound() == !is_refused_here(name));
    for (const Finding& finding : report.findings) {
      if (finding.severity == Severity::kError) CHECK(finding.code == code::kUnsupported);
    }
    judged++;
  }
  CHECK(judged == 68);
}

// Tier 2 of jq takes milliseconds an expression.
TEST_CASE("no expression of the standard's examples and kit is slow") {
  size_t judged = 0;
  const auto judge = [&judged](const std::string& name, const std::string& text) {
    CAPTURE(name);
    for (const Finding& finding : lint(text).findings) {
      CHECK(finding.message.find("slow") == std::string::npos);
    }
    judged++;
  };
  for (const auto& entry : executor::files_of(kExamples, ".yaml"))
    judge(entry.filename(), read(entry));
  for (const auto& entry : executor::files_of(kExamples / "../ctk/features", ".feature")) {
    for (const executor::Scenario& scenario : executor::read_feature(read(entry))) {
      judge(scenario.name, scenario.steps.front().document);
    }
  }
  CHECK((judged == 0 || judged >= 68 + 21));
}

TEST_CASE("every template is sound, without so much as a warning") {
  CHECK(templates::all().size() >= 10);
  for (const templates::Template& one : templates::all()) {
    CAPTURE(one.name);
    CHECK(findings_of(one.text) == "");
    CHECK(lint(one.text).name == one.name);
    CHECK_FALSE(one.summary().empty());
  }
}

TEST_CASE("a template is found by its name") {
  REQUIRE(templates::find("router"));
  CHECK(templates::find("router")->name == "router");
  CHECK_FALSE(templates::find("nothing"));
}

}  // namespace
}  // namespace penstock::lint
