#include "gateway/app/logins.h"

#include <strings.h>

#include "gateway/app/auth.h"
#include "gateway/app/guard.h"
#include "gateway/app/jwks_cache.h"
#include "gateway/verify/basic_auth.h"
#include "proto/limits.h"

namespace penstock::gateway {

static bool is_basic(const RequestHead& head) {
  const auto value = head.header("authorization");
  return value && value->size() > 6 && strncasecmp(value->data(), "basic ", 6) == 0;
}

/// What stands behind "Bearer ", when it looks like a token.
static std::string_view token_of(const RequestHead& head) {
  std::string_view value = head.header("authorization").value_or("");
  if (value.size() <= 7 || strncasecmp(value.data(), "bearer ", 7) != 0) return {};
  value.remove_prefix(7);
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value.find('.') == std::string_view::npos ? std::string_view() : value;
}

bool Logins::has_key(const records::TriggerDefinition& trigger, const RequestHead& head) const {
  if (!trigger.require_key()) return false;
  const auto key = presented_key(head);
  return key && context_.credentials.matches(trigger.keys(), *key);
}

bool Logins::has_password(const records::TriggerDefinition& trigger,
                          const RequestHead& head) const {
  if (!is_basic(head)) return false;
  const auto given = verify::parse_basic(*head.header("authorization"));
  if (!given) return false;
  bool found = false;  // all are compared, so that the time tells nothing of which it was
  for (const records::BasicUser& user : trigger.door().basic())
    found |= context_.credentials.is_password(user, given->user, given->password);
  return found;
}

Logins::TokenVerdict Logins::judge_token(const DoorPlan& plan, const RequestHead& head) const {
  const std::string_view token = token_of(head);
  if (token.empty()) return {false, false, "This trigger wants a token: Authorization: Bearer."};
  const auto now_s = static_cast<int64_t>(context_.clock.wall_ms() / 1000);
  TokenVerdict judged{false, true, "the token's keys are not known yet"};
  const auto try_set = [&](const verify::JwkSet& keys) {
    const verify::JwtVerdict verdict = verify::verify_jwt(token, keys, plan.token_rules, now_s);
    judged = {verdict.valid, verdict.unknown_key, verdict.detail};
    return verdict.valid;
  };
  for (const verify::JwkSet& keys : plan.token_keys)
    if (try_set(keys)) return judged;
  if (plan.jwks_url.empty()) return judged;
  if (const verify::JwkSet* keys = context_.jwks.keys(plan.jwks_url))
    try_set(*keys);
  else
    judged = {false, true, "the token's keys could not be fetched"};
  return judged;
}

bool Logins::is_good(const records::TriggerDefinition& trigger, const DoorPlan& plan,
                     const RequestHead& head) const {
  return has_key(trigger, head) || has_password(trigger, head) ||
         (plan.wants_token() && judge_token(plan, head).good);
}

static Response too_many(uint32_t wait_s) {
  return problem(Code::kRateLimited, "Too many failed logins; wait, then try with the right one.",
                 {}, {}, wait_s);
}

static Response refused(const records::TriggerDefinition& trigger, const std::string& detail) {
  Response answer = unauthorized(detail, {});
  if (trigger.door().basic_size() > 0)
    answer.headers += "WWW-Authenticate: Basic realm=\"penstock\", charset=\"UTF-8\"\r\n";
  return answer;
}

std::optional<Response> Logins::refuse(const records::TriggerDefinition& trigger,
                                       const DoorPlan& plan, const RequestHead& head,
                                       const std::string& address) {
  const bool basic = trigger.door().basic_size() > 0;
  if (!trigger.require_key() && !basic && !plan.wants_token()) return std::nullopt;
  Guard& guard = context_.guard;
  const std::string who = trigger.name() + " " + address;
  if (has_key(trigger, head)) return std::nullopt;
  // People choose passwords, and those can be guessed: past the limit not even the right one.
  if (basic && is_basic(head)) {
    if (const uint32_t wait = guard.wait_s("basic " + who, limits::login_failures_max))
      return too_many(wait);
    if (has_password(trigger, head)) return std::nullopt;
    guard.failed("basic " + who);
    return refused(trigger, "The user or the password is not one of this trigger's.");
  }
  std::string detail;
  if (plan.wants_token()) {
    const TokenVerdict token = judge_token(plan, head);
    if (token.good) return std::nullopt;
    // A new key may have been published: the delivery waits for it once its body is here.
    if (token.unknown_key && !plan.jwks_url.empty() && context_.jwks.refresh(plan.jwks_url))
      return std::nullopt;
    detail = token.detail;
  }
  const bool presented = presented_key(head).has_value();
  if (trigger.require_key() && detail.empty())
    detail = presented ? "The API key is not one of this trigger's."
                       : "This trigger wants its API key in x-api-key or as Authorization: Bearer.";
  if (detail.empty()) detail = "This trigger wants a user and a password: Authorization: Basic.";
  if (presented) {
    if (const uint32_t wait = guard.wait_s(who, limits::key_failures_max)) return too_many(wait);
    guard.failed(who);
  }
  return refused(trigger, detail);
}

void Logins::note_use(const records::TriggerDefinition& trigger, const RequestHead& head) {
  if (!trigger.require_key()) return;
  const auto key = presented_key(head);
  if (!key) return;
  if (const records::ApiKey* used = context_.credentials.find(trigger.keys(), *key))
    context_.guard.used(used->hash());
}

}  // namespace penstock::gateway
