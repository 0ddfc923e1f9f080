// Two reports side by side: what changed beyond the noise. Pure.
#pragma once

#include <string>
#include <vector>

#include "bench/report/report.h"

namespace penstock::bench {

struct Difference {
  std::string name;
  double before = 0, after = 0;
  double noise_pct = 0;  ///< changes up to this say nothing
  bool more_is_better = false;

  double change_pct() const { return before != 0 ? (after / before - 1) * 100 : 0; }
  bool beyond_noise() const;
  bool worse() const;
};

/// `noise_pct`: the least band; a figure that swings more within its own run widens it.
std::vector<Difference> compare(const Report& before, const Report& after, double noise_pct);
std::string compare_table(const Report& before, const Report& after,
                          const std::vector<Difference>& rows, bool color);

/// Several clients' reports of the same load as one: counts and histograms added up.
Report merge(const std::vector<Report>& reports);

}  // namespace penstock::bench
