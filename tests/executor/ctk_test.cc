// The Open Workflow conformance kit, unmodified, and our own scenarios in its words.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/executor/conformance_doc.h"
#include "tests/executor/scenario_player.h"

namespace penstock::executor {
namespace {

namespace fs = std::filesystem;

constexpr int kKitScenarios = 21, kOwnScenariosMin = 60;

fs::path kit() {
  const char* elsewhere = std::getenv("PENSTOCK_OWS");
  return fs::path(elsewhere ? elsewhere : "../shared/ows") / "ctk/features";
}

struct Tally {
  int passed = 0, played = 0;
  std::string rows;  ///< of the table
};

// Those that do not pass are told.
Tally play_all(Player& player, const std::vector<fs::path>& features) {
  Tally all;
  for (const fs::path& feature : features) {
    int passed = 0, played = 0;
    for (const Scenario& scenario : read_feature(read_all(feature))) {
      const std::optional<std::string> failure = player.play(scenario);
      CHECK_MESSAGE(!failure, feature.filename().string(), ": ", scenario.name, ": ",
                    failure.value_or(""));
      passed += !failure;
      played++;
    }
    all.rows += "| " + feature.stem().string() + " | " + std::to_string(passed) + " of " +
                std::to_string(played) + " |\n";
    all.passed += passed;
    all.played += played;
  }
  return all;
}

std::string table(const Tally& all) {
  return "**" + std::to_string(all.passed) + " of " + std::to_string(all.played) +
         "** scenarios pass:\n\n| feature | scenarios |\n|---|---|\n" + all.rows;
}

TEST_CASE("the conformance kit passes, every scenario of it") {
  const std::vector<fs::path> features = files_of(kit(), ".feature");
  if (features.empty()) {
    MESSAGE("the kit is not here; set PENSTOCK_OWS to the folder that has ctk/features");
    return;
  }
  Player player("");
  const Tally all = play_all(player, features);
  CHECK(all.passed == kKitScenarios);
  CHECK(conformance_part("kit", table(all)));
}

TEST_CASE("so do the scenarios of our own, for what the kit leaves out") {
  Player player("--skip-waits");
  const Tally all = play_all(player, files_of("tests/executor/scenarios", ".feature"));
  CHECK(all.passed >= kOwnScenariosMin);
  CHECK(conformance_part("scenarios", table(all)));
}

}  // namespace
}  // namespace penstock::executor
