// Who may send to a trigger: addresses, logins, signatures; and the handshakes that senders ask for
// before they send. Loop thread. Answers, never acts.
//
// An address list, a login and a signature are each asked for where the trigger has them, all
// together. Of logins (API key, Basic, token) any one that the trigger knows is enough, since they
// share a header.
// A signature that comes a second time within its window is a replay: refused, unless it carries
// the delivery id of its first coming; then it goes on and is answered as the duplicate it is.
// Limitation: what was seen is in memory, so a restart forgets it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/app/context.h"
#include "gateway/app/door_plan.h"
#include "gateway/app/logins.h"

namespace penstock::gateway {

class Door {
 public:
  explicit Door(Context& context);
  ~Door();

  /// The handshakes that are no events: OPTIONS of CloudEvents, Meta's hub.challenge and their
  /// like. Asked before the method is looked at.
  std::optional<Response> answer_head(const records::TriggerDefinition& trigger,
                                      const RequestHead& head);
  /// By the head alone, before the body is read.
  std::optional<Response> refuse_head(const records::TriggerDefinition& trigger,
                                      const RequestHead& head);
  /// Keys are being fetched without which the head cannot be judged: the URL they come from.
  std::optional<std::string> waits_for(const records::TriggerDefinition& trigger,
                                       const RequestHead& head);
  /// With the raw body: signatures, and the handshakes that are answered instead of kept. Says in
  /// `meta` what let it in.
  std::optional<Response> answer_body(const records::TriggerDefinition& trigger,
                                      const RequestHead& head, std::string_view body,
                                      records::EventMeta& meta);
  /// The signature of the delivery that was let in last, when it is remembered since then. Where the
  /// delivery is not kept, Guard::forget_signature() lets it come again.
  const std::string& last_signature() const { return last_signature_; }

 private:
  struct Prepared {
    uint32_t version = 0;
    std::string token;
    std::unique_ptr<DoorPlan> plan;  ///< null: its secrets do not open
  };
  static bool has_rules(const records::TriggerDefinition& trigger);
  /// Null: its secrets do not open.
  const DoorPlan* plan_of(const records::TriggerDefinition& trigger);
  std::optional<Response> refuse_address(const DoorPlan& plan, const RequestHead& head) const;
  std::optional<Response> check_signature(const records::TriggerDefinition& trigger,
                                          const DoorPlan& plan, const RequestHead& head,
                                          std::string_view body, records::EventMeta& meta);
  std::optional<Response> refuse_replay(const records::TriggerDefinition& trigger,
                                        const verify::Verifier& verifier,
                                        const verify::Verdict& verdict, const RequestHead& head);
  Response bad_signature(const DoorPlan& plan, const verify::SignedRequest& request,
                         const verify::Verdict& verdict, const verify::Age& age);
  bool may_look_for_causes();

  Context& context_;
  Logins logins_;
  verify::TrustedProxies proxies_;
  std::unordered_map<std::string, Prepared> prepared_;  // by the trigger's name
  std::string last_signature_;
  uint64_t hints_since_ms_ = 0;
  uint32_t hints_ = 0;
};

}  // namespace penstock::gateway
