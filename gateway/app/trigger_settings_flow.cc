// Dedup, limits, lanes: how events flow into runs.
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

std::span<const TriggerSetting> flow_settings() { return {}; }

}  // namespace penstock::gateway
