// What a trigger makes of an event before it is kept: filter, schema, variables, and the keys that
// jq reads from it. An executor evaluates them, so this stage may take a while.
//
// Loop thread. A delivery whose trigger asks for nothing goes on at once.
#pragma once

#include <functional>

#include "gateway/app/context.h"
#include "gateway/app/delivery.h"

namespace penstock::gateway {

class Screening {
 public:
  using Then = std::function<void(Delivery)>;
  /// `then`: the next stage, called at once or later; not for a delivery that is refused here.
  Screening(Context& context, Then then) : context_(context), then_(std::move(then)) {}

  void screen(Delivery delivery) { then_(std::move(delivery)); }

 private:
  [[maybe_unused]] Context& context_;
  Then then_;
};

}  // namespace penstock::gateway
