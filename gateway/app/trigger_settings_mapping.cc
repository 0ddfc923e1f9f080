// From an event to a workflow's input: filter, schema, variables.
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

std::span<const TriggerSetting> mapping_settings() { return {}; }

}  // namespace penstock::gateway
