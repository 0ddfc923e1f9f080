// Counts of values in buckets of constant relative width (a high dynamic range histogram): three
// significant digits from 1 to an hour of nanoseconds, in 256 KB, recorded in constant time. The
// bucket bounds are those of the HdrHistogram family, so results compare digit for digit.
//
// A value: copies and merges. One thread. Limitations: values beyond value_max are counted as it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace penstock::bench {

class Histogram {
 public:
  static constexpr uint64_t value_max = 3'600'000'000'000;  // an hour in nanoseconds
  static constexpr unsigned sub_bits = 11;                  // 2,048 steps: three digits
  static constexpr uint64_t half = uint64_t{1} << (sub_bits - 1);

  Histogram();
  void record(uint64_t value) { record(value, 1); }
  void record(uint64_t value, uint64_t times);
  void add(const Histogram& other);
  void clear();

  uint64_t count() const { return count_; }
  uint64_t clamped() const { return clamped_; }  ///< values that were beyond value_max
  uint64_t min() const;                          ///< 0 when empty
  uint64_t max() const;
  double mean() const;
  double deviation() const;  ///< the standard deviation
  /// The largest value equivalent to the one that `percentile` (0…100) of all do not exceed.
  uint64_t at(double percentile) const;

  /// A bucket that holds something.
  struct Bucket {
    uint64_t lowest;  ///< record(lowest, count) counts the same again
    uint64_t highest;
    uint64_t count;
  };
  /// The filled buckets, by value.
  std::vector<Bucket> buckets() const;

 private:
  static size_t index_of(uint64_t value);
  static uint64_t lowest_of(size_t index);
  static uint64_t width_of(size_t index);

  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
  uint64_t clamped_ = 0;
  uint64_t min_ = UINT64_MAX;
  uint64_t max_ = 0;
};

}  // namespace penstock::bench
