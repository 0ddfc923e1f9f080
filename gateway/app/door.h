// Who may send to a trigger: keys, signatures, addresses. Loop thread. Answers, never acts.
#pragma once

#include <optional>

#include "gateway/app/context.h"

namespace penstock::gateway {

class Door {
 public:
  explicit Door(Context& context) : context_(context) {}

  /// By the head alone, before the body is read.
  std::optional<Response> refuse_head(const records::TriggerDefinition& trigger,
                                      const RequestHead& head) const;
  /// With the raw body: signatures, and the handshakes that are answered instead of kept. Says in
  /// `meta` what let it in.
  std::optional<Response> answer_body(const records::TriggerDefinition& trigger,
                                      const RequestHead& head, std::string_view body,
                                      records::EventMeta& meta);

 private:
  Context& context_;
};

}  // namespace penstock::gateway
