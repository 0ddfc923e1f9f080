// Finds the run ids in an answer, in their order, without reading the rest of its JSON: on the hot
// path of a client that shares the machine with what it measures. A value over borrowed bytes.
#pragma once

#include <optional>
#include <string_view>

#include "proto/id.h"

namespace penstock::bench {

class BatchAnswer {
 public:
  explicit BatchAnswer(std::string_view body) : rest_(body) {}
  /// The next "id" that is a run's; nullopt at the end.
  std::optional<Id> next();

 private:
  std::string_view rest_;
};

/// The first run id of a body; zero when there is none.
inline Id first_run_in(std::string_view body) {
  return BatchAnswer(body).next().value_or(Id());
}

}  // namespace penstock::bench
