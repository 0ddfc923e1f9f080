// What a mapping would make of a trigger's samples, as JSON for people and tools. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "gateway/app/samples.h"
#include "proto/worker.pb.h"

namespace penstock::gateway {

/// {"variables": […], "filter", "schema", "samples": N}: of each variable what it is for each
/// sample, newest first. `found` has an answer per sample.
nlohmann::ordered_json mapping_report(const records::TriggerDefinition& trigger,
                                      const Samples::List& samples,
                                      const std::vector<worker::Screened>& found);
/// The samples with their fields.
nlohmann::ordered_json samples_report(const records::TriggerDefinition& trigger,
                                      const Samples::List& samples);

}  // namespace penstock::gateway
