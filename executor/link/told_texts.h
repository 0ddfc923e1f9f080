// What an earlier attempt of a run told its readers, by the call that told it: a call made again
// goes on behind it instead of telling it twice. A value.
#pragma once

#include <string>
#include <unordered_map>

#include "executor/flow/effect.h"
#include "proto/worker.pb.h"

namespace penstock::executor {

class ToldTexts {
 public:
  ToldTexts() = default;
  explicit ToldTexts(const worker::Dispatch& dispatch);

  /// The text of this call, which is told to nobody else; empty: none.
  std::string take(flow::Ordinal ordinal);

 private:
  std::unordered_map<flow::Ordinal, std::string> texts_;
};

}  // namespace penstock::executor
