// How a trigger's callers get replies: hang-up, callbacks, streams.
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

std::span<const TriggerSetting> reply_settings() { return {}; }

}  // namespace penstock::gateway
