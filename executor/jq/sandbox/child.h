// The sandbox's inside: a process that knows libjq and nothing else.
#pragma once

namespace penstock::jq {

/// The descriptor on which the child hears requests and answers them.
inline constexpr int sandbox_fd = 3;

/// Confines this process and answers requests until the other side is gone. A request is
/// {"program","input","variables":{…},"outputs_max"}, an answer
/// {"outputs":[…],"error"?,"invalid"?}: `error` is what the program raised, `invalid` why it does
/// not compile.
int sandbox_child();

}  // namespace penstock::jq
