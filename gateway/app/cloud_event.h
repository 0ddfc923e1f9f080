// CloudEvents 1.0 over HTTP: binary (ce-* headers), structured and, item by item, batched. What
// came in any of the three ends up alike: `data` is the body, type, source and subject are facts of
// the event, and every attribute is kept as a header ce-NAME, as binary mode has it. Pure.
//
// Limitations: structured mode is JSON; other event formats are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/exchange.h"
#include "proto/problem.h"
#include "proto/records.pb.h"

namespace penstock::gateway {

/// Is it one in binary mode?
bool is_binary_cloud_event(const RequestHead& head);

/// Takes type, source and subject from the ce-* headers. Otherwise what is missing.
std::optional<Rejected> read_binary_cloud_event(const RequestHead& head, records::EventMeta& meta);

/// `envelope`: JSON, checked. Adds its attributes to `meta`, and its data to `body` as JSON.
/// Otherwise what is wrong with it.
std::optional<Rejected> read_cloud_event(std::string_view envelope, records::EventMeta& meta,
                                         std::string& body);

}  // namespace penstock::gateway
