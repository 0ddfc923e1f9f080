// The regular expressions used last, compiled: a program matches with the same few again and again.
//
// Lifecycle: one a machine, kept from run to run. What find() gives holds until the next find().
#pragma once

#include <list>
#include <string>
#include <string_view>

#include "executor/jq/regex.h"
#include "proto/status.h"

namespace penstock::jq {

class RegexCache {
 public:
  Result<const Regex*> find(std::string_view pattern, std::string_view flags);

 private:
  static constexpr size_t entries_max = 32;

  struct Entry {
    std::string pattern;
    std::string flags;
    Regex regex;
  };

  std::list<Entry> entries_;  ///< the one used last in front
};

}  // namespace penstock::jq
