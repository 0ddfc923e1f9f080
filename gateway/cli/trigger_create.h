// The flags of `trigger create` and the request they make. Pure but for the flags.
#pragma once

#include <string>

#include "gateway/cli/command.h"
#include "proto/status.h"

namespace penstock::gateway {

struct TriggerCreate {
  std::string name, workflow, wait, durability, type, body_max, attempts;
  bool reply = false, require_key = false, inactive = false;

  void add_to(Command& command);
  /// The JSON of POST /v1/triggers. Fault: a flag's value makes no sense.
  Result<std::string> body() const;
};

}  // namespace penstock::gateway
