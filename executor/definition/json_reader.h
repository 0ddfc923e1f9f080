// Reads strict JSON (RFC 8259) into a TextBuilder, with the place of every value. A reader of its
// own because the YAML library takes JSON only in part (surrogate pairs, tabs).
// No state, any thread. Recursion is bounded by the builder's depth bound.
#pragma once

#include <string_view>

#include "executor/definition/text_builder.h"
#include "executor/definition/yaml_reader.h"

namespace penstock::definition {

/// Feeds `source`, valid UTF-8, to `builder`; a fault's place is in `complaint`.
Status read_json(std::string_view source, TextBuilder& builder, Complaint& complaint);

}  // namespace penstock::definition
