// Commands on one named thing: when the server knows no such name, the nearest one is shown.
#pragma once

#include <string>

#include "gateway/cli/session.h"

namespace penstock::gateway {

/// A kind of named things on the server.
struct NamedKind {
  const char* noun;        ///< "trigger"
  const char* collection;  ///< "triggers": the path below /v1/ and the list's member
};

/// Sends to /v1/COLLECTION/NAME`tail` and shows the answer; a 404 gets a did-you-mean.
int on_named(const Session& session, const NamedKind& kind, const std::string& name,
             const std::string& method, const std::string& tail, const std::string& body,
             const Session::Human& human);

}  // namespace penstock::gateway
