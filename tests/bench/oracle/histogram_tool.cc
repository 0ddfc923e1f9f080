// Prints our histogram's figures for the values on stdin, so that histogram.mjs can hold them
// against another implementation's.
#include <cstdint>
#include <cstdio>

#include "bench/stats/hgrm.h"

int main() {
  penstock::bench::Histogram histogram;
  unsigned long long value;
  while (std::scanf("%llu", &value) == 1) histogram.record(value);
  std::printf("{\"count\":%lu,\"min\":%lu,\"max\":%lu,\"mean\":%.9g,\"deviation\":%.9g,\"at\":{",
              histogram.count(), histogram.min(), histogram.max(), histogram.mean(),
              histogram.deviation());
  const char* comma = "";
  for (const double p :
       {0.0, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 99.99, 99.999, 100.0}) {
    std::printf("%s\"%g\":%lu", comma, p, histogram.at(p));
    comma = ",";
  }
  std::printf("}}\n%s", penstock::bench::hgrm(histogram, 1e6).c_str());
}
