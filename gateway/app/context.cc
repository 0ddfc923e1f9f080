#include "gateway/app/context.h"

namespace penstock::gateway {

void refuse(Context& context, ExchangeId exchange, const Rejected& rejected) {
  context.server.respond(
      exchange, problem(rejected.code, rejected.detail, {}, {}, rejected.retry_after_s));
  if (context.log.enabled(LogLevel::kDebug))
    context.log.debug("refused", {{"code", problem_kind(rejected.code).word}});
}

}  // namespace penstock::gateway
