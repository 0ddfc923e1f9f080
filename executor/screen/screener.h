// Answers worker::Screen: what a trigger makes of an event. Filter, schema, variables and keys, in
// that order; the first that says no ends it.
//
// Lifecycle: screen() as often as wanted. One thread, the executor's loop; a hostile expression
// takes at most jq's budget. Limitations: compiled triggers are found by their bytes and the least
// used go beyond limits::screeners_max.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "executor/jq/jq.h"
#include "executor/json/parse.h"
#include "executor/screen/rules.h"
#include "proto/worker.pb.h"

namespace penstock::screen {

class Screener {
 public:
  /// `runner` must outlive it.
  explicit Screener(jq::Runner& runner) : runner_(runner) {}

  worker::Screened screen(const worker::Screen& wanted);
  size_t kept() const { return kept_.size(); }

 private:
  struct Kept {
    std::string trigger;
    Rules rules;
  };
  const Rules* rules_of(const std::string& trigger);

  jq::Runner& runner_;
  json::Parser parser_;
  std::list<Kept> kept_;  // last used first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> index_;
};

}  // namespace penstock::screen
