// Who may send.
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

std::span<const TriggerSetting> door_settings() { return {}; }

}  // namespace penstock::gateway
