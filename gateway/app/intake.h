// What a delivery is: its method, media type and encoding; from the request to JSON and the facts
// that are kept beside it. Loop thread. Answers, never acts.
#pragma once

#include <optional>
#include <variant>

#include "gateway/app/context.h"

namespace penstock::gateway {

/// What comes below /hooks/{token}: "" or "/…".
std::string_view hook_path(std::string_view path);

class Intake {
 public:
  explicit Intake(Context& context) : context_(context) {}

  /// By the head alone.
  std::optional<Response> refuse_method(const records::TriggerDefinition& trigger,
                                        const RequestHead& head) const;
  std::optional<Response> refuse_type(const records::TriggerDefinition& trigger,
                                      const RequestHead& head) const;
  /// The facts of the head that are kept.
  records::EventMeta meta_of(const records::TriggerDefinition& trigger,
                             const RequestHead& head) const;
  /// The body as JSON, checked in full; it may be replaced. Otherwise why not.
  std::optional<Rejected> read(const records::TriggerDefinition& trigger, const RequestHead& head,
                               Body& body, records::EventMeta& meta);

 private:
  Context& context_;
  JsonCheck json_check_;
};

}  // namespace penstock::gateway
