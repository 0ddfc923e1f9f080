// What expressions see as `$event`: how an event was delivered. Pure.
#pragma once

#include <string>

#include "executor/json/value.h"

namespace penstock::screen {

/// {trigger, method, path, query, content_type, remote, type, source, subject, tag, headers: {…}}
/// from a serialized records.EventMeta. A header that came twice is joined by ", ".
json::Value event_facts(const std::string& meta);

}  // namespace penstock::screen
