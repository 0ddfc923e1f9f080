// What a delivery may look like.
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

std::span<const TriggerSetting> intake_settings() { return {}; }

}  // namespace penstock::gateway
