// Histograms as JSON: [[value, count], …], lossless. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include "bench/stats/histogram.h"

namespace penstock::bench {

inline nlohmann::ordered_json histogram_json(const Histogram& histogram) {
  auto rows = nlohmann::ordered_json::array();
  for (const Histogram::Bucket& bucket : histogram.buckets())
    rows.push_back({bucket.lowest, bucket.count});
  return rows;
}

/// False: it is no histogram.
inline bool read_histogram(const nlohmann::ordered_json& rows, Histogram& histogram) {
  if (!rows.is_array()) return false;
  for (const auto& row : rows) {
    if (!row.is_array() || row.size() != 2 || !row[0].is_number_unsigned() ||
        !row[1].is_number_unsigned())
      return false;
    histogram.record(row[0].get<uint64_t>(), row[1].get<uint64_t>());
  }
  return true;
}

}  // namespace penstock::bench
