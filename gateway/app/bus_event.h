// Events as JSON: what a delivery, a signal or a workflow's `emit` looks like to those who listen.
// Pure. Numbers keep their text: data is cut out of the JSON and put into it as it stands.
#pragma once

#include <string>
#include <string_view>

#include "proto/id.h"
#include "proto/status.h"
#include "queue/types.h"

namespace penstock::gateway {

inline constexpr std::string_view signal_type_prefix = "penstock.signal.";

/// A verified delivery as a CloudEvent: id the run's, source the trigger's, type the trigger's or
/// what the sender or its provider said; method, path, query and the kept headers (their names
/// without dashes) as extensions; data the body.
queue::CloudEvent delivery_event(const Id& id, const records::EventMeta& meta,
                                 std::string_view body);

/// A signal for one run: type penstock.signal.NAME, subject the run, data the body.
queue::CloudEvent signal_event(const Id& id, const Id& run, std::string_view name,
                               std::string_view body, uint64_t now_ms);

/// Takes up an event that a workflow made. kInvalid: it is no CloudEvent.
Result<queue::CloudEvent> read_event(std::string json);

/// What `read` (data, envelope, raw) makes of the event, as JSON.
std::string event_as_read(const std::string& event, std::string_view read);

}  // namespace penstock::gateway
