// A file:// address, for workflows that someone runs by hand on their own machine.
#pragma once

#include <string>

#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// The file as if a server had sent it. `file://a/b` without a host of its own is the path a/b, as
/// the specification's examples write it.
HttpReply read_file(const std::string& url);

}  // namespace penstock::executor
