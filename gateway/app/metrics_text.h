// /metrics in Prometheus' text format. Pure but for what it reads of the context.
#pragma once

#include <string>

#include "gateway/app/context.h"

namespace penstock::gateway {

std::string metrics_text(const Context& context);

}  // namespace penstock::gateway
