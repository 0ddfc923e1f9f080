// The filters by which events are listed and replayed: trigger, status, since, tag. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "queue/types.h"

namespace penstock::gateway {

/// Gives the value of a filter, "" or nothing where it is not set.
using FilterValue = std::function<std::optional<std::string>(std::string_view name)>;

/// Fills the query: "" or what is wrong. `status` may also be "filtered".
std::string read_event_filter(const FilterValue& value, uint64_t now_ms, queue::ListQuery& query);

}  // namespace penstock::gateway
