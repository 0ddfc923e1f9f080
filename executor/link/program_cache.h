// The workflows an executor has compiled, by name and version. The least used go when there are
// more than limits::programs_max: the gateway is asked again when one is needed.
// Loop thread only. Limitations: a workflow that does not compile is kept as its fault.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "executor/flow/node.h"
#include "proto/status.h"

namespace penstock::executor {

class ProgramCache {
 public:
  using Entry = Result<flow::ProgramPtr>;

  /// Compiles and keeps; the entry holds until the next add().
  const Entry& add(const std::string& name, uint32_t version, std::string_view source);
  /// Null: not here.
  const Entry* find(const std::string& name, uint32_t version);

 private:
  struct Kept {
    std::string key;
    Entry entry;
  };
  static std::string key(const std::string& name, uint32_t version) {
    return name + "@" + std::to_string(version);
  }

  std::list<Kept> kept_;  // last used first
  std::unordered_map<std::string, std::list<Kept>::iterator> index_;
};

/// A definition's text, loaded and compiled.
Result<flow::ProgramPtr> compile_source(std::string_view source);

}  // namespace penstock::executor
