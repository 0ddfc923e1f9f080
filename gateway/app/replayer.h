// An event on its way to run again: read back, given the workflow that its trigger starts now, and
// mapped anew by the trigger's mapping of now. A person asked for it, so neither filter nor schema
// keep it from running; variables that cannot be made fail its run.
//
// Loop thread; reads and jq are done elsewhere, so the answer comes later.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "gateway/app/context.h"

namespace penstock::gateway {

class Replayer {
 public:
  using Prepared = std::variant<queue::NewEvent, Rejected>;
  using Then = std::function<void(Prepared)>;

  explicit Replayer(Context& context) : context_(context) {}
  void prepare(Id id, Then then);

 private:
  void prepared(Id id, const queue::RunRead& read, const Then& then);

  Context& context_;
};

}  // namespace penstock::gateway
