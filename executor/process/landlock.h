// Landlock: which files the process and all it starts may still touch. Called once, before exec.
#pragma once

#include <string>

#include "proto/status.h"

namespace penstock::executor {

/// From here on: programs, libraries and some settings to read, `folder` to do anything in.
/// kUnsupported: the kernel has no Landlock.
Status confine_files(const std::string& folder);

}  // namespace penstock::executor
