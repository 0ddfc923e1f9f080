// What `penstock verify` prints, as text and as JSON. Pure, any thread. Never shows a secret, nor
// what the signature should have been: that would be a forger's tool.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/console.h"
#include "gateway/verify/verdict.h"

namespace penstock::gateway {

struct VerifyReport {
  std::string preset;
  int64_t at_s = 0;
  verify::Verdict verdict;
  std::string signed_text = {};
  std::vector<std::string> causes = {};
};

std::string report_text(const VerifyReport& report, const Console& console);
std::string report_json(const VerifyReport& report);

/// All presets with the headers they read.
std::string presets_text(const Console& console);
std::string presets_json();

}  // namespace penstock::gateway
