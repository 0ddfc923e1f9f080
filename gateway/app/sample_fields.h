// The fields of some JSON bodies as jq paths, each with its types, an example and in how many of
// the bodies it was there: what a person picks variables from. Pure.
//
// Limitations: bounded by limits::sample_fields_max paths and sample_nodes_max values looked at; an
// array's items are one path, `.items[]`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::gateway {

struct Field {
  std::string path;     ///< `.items[].price`, `."odd key"`
  std::string type;     ///< "string", or several as "integer|null"
  std::string example;  ///< JSON, cut when long; empty for objects and arrays
  size_t count = 0;     ///< bodies that have it
};

struct FieldList {
  std::vector<Field> fields;  ///< in the order of the first body, then what others add
  bool cut = false;           ///< there are more
};

FieldList fields_of(const std::vector<std::string_view>& bodies);

}  // namespace penstock::gateway
