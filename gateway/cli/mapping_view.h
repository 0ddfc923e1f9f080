// Fields, samples and mappings as tables.
#pragma once

#include "gateway/cli/console.h"
#include "gateway/cli/json.h"

namespace penstock::gateway {

/// Path, types, how often it was there, an example.
void print_fields(const Console& console, const JsonView& fields);
void print_samples(const Console& console, const JsonView& root);
/// What each variable is for the newest sample, and what is wrong with which. `changed`: say
/// whether it was kept.
void print_mapping(const Console& console, const JsonView& report, bool changed);

}  // namespace penstock::gateway
