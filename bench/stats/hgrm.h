// The percentile spectrum of a histogram: as rows for charts, and as the .hgrm text that
// HdrHistogram plotters read. Pure.
#pragma once

#include <string>
#include <vector>

#include "bench/stats/histogram.h"

namespace penstock::bench {

struct SpectrumRow {
  uint64_t value;
  double percentile;  ///< 0…100
  uint64_t count;     ///< values up to here
};

/// `ticks` rows a halving of the distance to 100 %; the last row is the 100th percentile.
std::vector<SpectrumRow> spectrum(const Histogram& histogram, unsigned ticks = 5);
/// The .hgrm text; values are divided by `unit` (1e6: milliseconds of nanoseconds).
std::string hgrm(const Histogram& histogram, double unit, unsigned ticks = 5);

}  // namespace penstock::bench
