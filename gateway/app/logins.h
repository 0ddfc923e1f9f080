// The logins a trigger may ask its senders for: API key, Basic, token. Loop thread.
#pragma once

#include <optional>
#include <string>

#include "gateway/app/context.h"
#include "gateway/app/door_plan.h"

namespace penstock::gateway {

class Logins {
 public:
  explicit Logins(Context& context) : context_(context) {}

  /// nullopt: let in, or nothing is asked for. `address`: the sender's, whose failures are counted.
  std::optional<Response> refuse(const records::TriggerDefinition& trigger, const DoorPlan& plan,
                                 const RequestHead& head, const std::string& address);
  /// Would it be let in? Counts nothing.
  bool is_good(const records::TriggerDefinition& trigger, const DoorPlan& plan,
               const RequestHead& head) const;
  /// Notes the use of the API key that a request carries.
  void note_use(const records::TriggerDefinition& trigger, const RequestHead& head);

 private:
  struct TokenVerdict {
    bool good = false;
    bool unknown_key = false;
    std::string detail;
  };
  bool has_key(const records::TriggerDefinition& trigger, const RequestHead& head) const;
  bool has_password(const records::TriggerDefinition& trigger, const RequestHead& head) const;
  TokenVerdict judge_token(const DoorPlan& plan, const RequestHead& head) const;

  Context& context_;
};

}  // namespace penstock::gateway
