#include "bench/stats/histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/load/random.h"
#include "bench/stats/hgrm.h"

using penstock::bench::Histogram;
using penstock::bench::Random;

TEST_CASE("an empty histogram has no figures") {
  const Histogram h;
  CHECK(h.count() == 0);
  CHECK(h.at(99) == 0);
  CHECK(h.min() == 0);
  CHECK(h.max() == 0);
  CHECK(h.mean() == 0);
  CHECK(h.buckets().empty());
}

TEST_CASE("values below 2048 are exact") {
  Histogram h;
  for (uint64_t v = 1; v <= 1000; v++) h.record(v);
  CHECK(h.at(50) == 500);
  CHECK(h.at(99.9) == 999);
  CHECK(h.at(100) == 1000);
  CHECK(h.at(0) == 1);
  CHECK(h.mean() == doctest::Approx(500.5));
}

TEST_CASE("percentiles are within a thousandth of the sorted values") {
  Histogram h;
  Random random(7);
  std::vector<uint64_t> values;
  for (int i = 0; i < 20'000; i++) values.push_back(1 + (random.next() >> (24 + random.below(38))));
  for (const uint64_t v : values) h.record(v);
  std::sort(values.begin(), values.end());
  for (const double p : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<size_t>(std::llround(p * 10)) * values.size() / 1000;
    const auto exact = static_cast<double>(std::min(values[rank - 1], Histogram::value_max));
    CHECK(static_cast<double>(h.at(p)) >= exact);
    CHECK(static_cast<double>(h.at(p)) <= exact * 1.001 + 1);
  }
}

TEST_CASE("what is beyond an hour counts as an hour, and is said") {
  Histogram h;
  h.record(UINT64_MAX);
  CHECK(h.count() == 1);
  CHECK(h.clamped() == 1);
  CHECK(h.max() >= Histogram::value_max);
}

TEST_CASE("adding histograms equals recording into one") {
  Histogram a, b, both;
  Random random(3);
  for (int i = 0; i < 5'000; i++) {
    const uint64_t v = random.below(50'000'000);
    (i % 3 ? a : b).record(v);
    both.record(v);
  }
  a.add(b);
  CHECK(a.count() == both.count());
  for (const double p : {0.0, 50.0, 99.0, 100.0}) CHECK(a.at(p) == both.at(p));
  CHECK(a.deviation() == doctest::Approx(both.deviation()));
}

TEST_CASE("a cleared histogram is as new") {
  Histogram h;
  h.record(123'456'789, 5);
  h.clear();
  CHECK(h.count() == 0);
  CHECK(h.buckets().empty());
  h.record(5);
  CHECK(h.at(100) == 5);
}

TEST_CASE("recording each bucket's lowest value makes the same histogram") {
  Histogram h, copy;
  Random random(11);
  for (int i = 0; i < 1'000; i++) h.record(random.below(Histogram::value_max));
  for (const auto& bucket : h.buckets()) copy.record(bucket.lowest, bucket.count);
  CHECK(copy.count() == h.count());
  for (const double p : {10.0, 50.0, 99.0, 100.0}) CHECK(copy.at(p) == h.at(p));
}

TEST_CASE("the spectrum rises to the 100th percentile and counts everything") {
  Histogram h;
  for (uint64_t v = 1; v <= 10'000; v++) h.record(v * 1000);
  const auto rows = penstock::bench::spectrum(h);
  REQUIRE(rows.size() > 20);
  CHECK(rows.back().percentile == 100);
  CHECK(rows.back().count == h.count());
  for (size_t i = 1; i < rows.size(); i++) {
    CHECK(rows[i].value >= rows[i - 1].value);
    CHECK(rows[i].percentile > rows[i - 1].percentile);
  }
}
