// A lint as the gateway asks for it when a definition is applied (proto/worker.proto). Pure.
#pragma once

#include <string_view>

#include "proto/worker.pb.h"

namespace penstock::lint {

/// Judges a definition; the cookie is left for the caller to fill in.
worker::LintReport lint_report(std::string_view source);

}  // namespace penstock::lint
