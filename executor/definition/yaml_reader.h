// Reads YAML into a TextBuilder. One document, YAML 1.2 core schema, no merge keys, no tags beyond
// the core schema's own. The YAML library is used, and its exceptions are caught, only in the .cc.
// No state, any thread.
#pragma once

#include <string_view>

#include "executor/definition/text_builder.h"

namespace penstock::definition {

/// What is wrong with a text, and where.
struct Complaint {
  Position at;
  std::string message;
  std::string hint;
};

/// Feeds `source`, valid UTF-8, to `builder`; a fault's place is in `complaint`.
Status read_yaml(std::string_view source, TextBuilder& builder, Complaint& complaint);

}  // namespace penstock::definition
