// What the gateway says of itself: health, counters, limits, executors, metrics. Loop thread.
#pragma once

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"

namespace penstock::gateway {

class InfoApi {
 public:
  explicit InfoApi(Context& context) : context_(context) {}

  /// /livez, /readyz[?verbose], on both listeners. False: not one of them.
  bool health(ExchangeId exchange, const RequestHead& head);
  void metrics(ExchangeId exchange);
  void stats(const OperatorRequest& request);
  void limits(ExchangeId exchange);
  void executors(ExchangeId exchange);

 private:
  void ready(ExchangeId exchange);

  Context& context_;
};

}  // namespace penstock::gateway
