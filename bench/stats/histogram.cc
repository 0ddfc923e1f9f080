#include "bench/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace penstock::bench {

Histogram::Histogram() : counts_(index_of(value_max) + 1) {}

// The first 2,048 values have a bucket each; every doubling beyond has 1,024, twice as wide.
size_t Histogram::index_of(uint64_t value) {
  const unsigned width = static_cast<unsigned>(std::bit_width(value | (2 * half - 1)));
  const unsigned shift = width - sub_bits;
  return (size_t{shift} << (sub_bits - 1)) + static_cast<size_t>(value >> shift);
}

uint64_t Histogram::width_of(size_t index) {
  const size_t row = index >> (sub_bits - 1);
  return row < 2 ? 1 : uint64_t{1} << (row - 1);
}

uint64_t Histogram::lowest_of(size_t index) {
  const size_t row = index >> (sub_bits - 1);
  if (row < 2) return index;
  return ((index & (half - 1)) + half) << (row - 1);
}

void Histogram::record(uint64_t value, uint64_t times) {
  if (value > value_max) {
    value = value_max;
    clamped_ += times;
  }
  counts_[index_of(value)] += times;
  count_ += times;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void Histogram::add(const Histogram& other) {
  for (size_t i = 0; i < counts_.size(); i++) counts_[i] += other.counts_[i];
  count_ += other.count_;
  clamped_ += other.clamped_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  if (count_ == 0) return;
  const size_t last = index_of(max_);
  std::fill(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(last) + 1, 0);
  count_ = clamped_ = max_ = 0;
  min_ = UINT64_MAX;
}

uint64_t Histogram::min() const {
  return count_ ? lowest_of(index_of(min_)) : 0;
}

uint64_t Histogram::max() const {
  if (count_ == 0) return 0;
  const size_t index = index_of(max_);
  return lowest_of(index) + width_of(index) - 1;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> out;
  const size_t end = count_ ? index_of(max_) + 1 : 0;
  for (size_t i = count_ ? index_of(min_) : 0; i < end; i++)
    if (counts_[i]) out.push_back({lowest_of(i), lowest_of(i) + width_of(i) - 1, counts_[i]});
  return out;
}

static double middle(const Histogram::Bucket& bucket) {
  return static_cast<double>(bucket.lowest + (bucket.highest - bucket.lowest + 1) / 2);
}

double Histogram::mean() const {
  double sum = 0;
  for (const Bucket& bucket : buckets()) sum += middle(bucket) * static_cast<double>(bucket.count);
  return count_ ? sum / static_cast<double>(count_) : 0;
}

double Histogram::deviation() const {
  const double average = mean();
  double sum = 0;
  for (const Bucket& bucket : buckets()) {
    const double off = middle(bucket) - average;
    sum += off * off * static_cast<double>(bucket.count);
  }
  return count_ ? std::sqrt(sum / static_cast<double>(count_)) : 0;
}

uint64_t Histogram::at(double percentile) const {
  if (percentile <= 0 || count_ == 0) return min();
  // A hair less than asked for: 99.9 % of 1,000 are 999 values, however the product is rounded.
  const double asked = std::nextafter(std::min(percentile, 100.0), 0.0);
  const double wanted = std::ceil(asked * static_cast<double>(count_) / 100);
  const uint64_t rank = std::max<uint64_t>(1, static_cast<uint64_t>(wanted));
  uint64_t seen = 0;
  for (size_t i = index_of(min_); i < counts_.size(); i++) {
    seen += counts_[i];
    if (seen >= rank) return lowest_of(i) + width_of(i) - 1;
  }
  return max();
}

}  // namespace penstock::bench
