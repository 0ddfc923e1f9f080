#include "bench/stats/hgrm.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <iterator>

namespace penstock::bench {

/// The next percentile to report: steps shrink by half with each halving of what is left to 100.
static double next_level(double level, unsigned ticks) {
  const double halvings = std::floor(std::log2(100 / (100 - level))) + 1;
  return level + 100 / (static_cast<double>(ticks) * std::exp2(halvings));
}

std::vector<SpectrumRow> spectrum(const Histogram& histogram, unsigned ticks) {
  std::vector<SpectrumRow> rows;
  const auto total = static_cast<double>(histogram.count());
  uint64_t seen = 0;
  double level = 0;
  for (const Histogram::Bucket& bucket : histogram.buckets()) {
    seen += bucket.count;
    const double reached = 100 * static_cast<double>(seen) / total;
    if (seen == histogram.count()) break;
    while (level <= reached) {
      rows.push_back({bucket.highest, level, seen});
      level = next_level(level, ticks);
    }
  }
  if (histogram.count() == 0) return rows;
  // The largest value: once for the next level it reaches, once as the end.
  rows.push_back({histogram.max(), level, seen});
  rows.push_back({histogram.max(), 100, seen});
  return rows;
}

std::string hgrm(const Histogram& histogram, double unit, unsigned ticks) {
  std::string out = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                "TotalCount", "1/(1-Percentile)");
  const auto sink = std::back_inserter(out);
  for (const SpectrumRow& row : spectrum(histogram, ticks)) {
    const double share = row.percentile / 100, value = static_cast<double>(row.value) / unit;
    if (row.percentile >= 100)
      fmt::format_to(sink, "{:12.3f} {:2.12f} {:10}\n", value, share, row.count);
    else
      fmt::format_to(sink, "{:12.3f} {:2.12f} {:10} {:14.2f}\n", value, share, row.count,
                     1 / (1 - share));
  }
  const unsigned rows =
      static_cast<unsigned>(std::bit_width(Histogram::value_max)) - Histogram::sub_bits + 1;
  fmt::format_to(sink, "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n",
                 histogram.mean() / unit, histogram.deviation() / unit);
  fmt::format_to(sink, "#[Max     = {:12.3f}, Total count    = {:12}]\n",
                 static_cast<double>(histogram.max()) / unit, histogram.count());
  fmt::format_to(sink, "#[Buckets = {:12}, SubBuckets     = {:12}]\n", rows, 2 * Histogram::half);
  return out;
}

}  // namespace penstock::bench
