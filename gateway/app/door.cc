#include "gateway/app/door.h"

#include "gateway/app/client.h"
#include "gateway/app/guard.h"
#include "gateway/app/jwks_cache.h"
#include "gateway/verify/cause.h"
#include "gateway/verify/handshake.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr uint64_t kUntimedWindowMs = 24ull * 3600'000;  // of signatures that do not age
constexpr size_t kSlackHandshakeBytesMax = 4096;

/// Headers in which senders name a delivery: the same again when they send it once more.
constexpr std::string_view kNames[] = {"idempotency-key",
                                       "webhook-id",
                                       "svix-id",
                                       "ce-id",
                                       "x-github-delivery",
                                       "x-gitlab-event-uuid",
                                       "x-shopify-webhook-id",
                                       "i-twilio-idempotency-token",
                                       "linear-delivery",
                                       "x-razorpay-event-id",
                                       "x-hubspot-event-id",
                                       "x-gitea-delivery"};

std::string delivery_name(const RequestHead& head) {
  std::string name;
  for (const std::string_view header : kNames)
    if (const auto value = head.header(header)) name.append(*value) += '\n';
  return name;
}

std::string with_url(const Config& config, const RequestHead& head) {
  return config.base_url() + std::string(head.target);
}

Response locked() {
  return problem(Code::kInternal,
                 "This trigger's secrets cannot be read; its operator must set "
                 "them anew.");
}

/// What may be off about the age of this request's signature, both ways, in ms.
uint64_t window_ms(const verify::Verifier& verifier, const verify::Verdict& verdict,
                   uint32_t tolerance_s) {
  if (!verdict.signed_at_ms) return kUntimedWindowMs;
  for (const verify::Scheme& scheme : verifier.preset().schemes)
    if (scheme.name == verdict.scheme && scheme.tolerance_s > 0)
      return uint64_t{tolerance_s ? tolerance_s : scheme.tolerance_s} * 2'000 + 60'000;
  return kUntimedWindowMs;
}

}  // namespace

Door::Door(Context& context) : context_(context), logins_(context) {
  const Config& config = context.config;
  if (!config.behind_proxy) return;
  auto trusted = verify::AddressRules::parse(config.trusted_proxies);
  if (trusted.ok()) proxies_.addresses = *std::move(trusted);  // the configuration is checked
  if (config.trusted_proxies.empty()) proxies_.hops = static_cast<unsigned>(config.proxy_hops);
}

Door::~Door() = default;

bool Door::has_rules(const records::TriggerDefinition& trigger) {
  return trigger.has_door() || trigger.require_key();
}

const DoorPlan* Door::plan_of(const records::TriggerDefinition& trigger) {
  Prepared& prepared = prepared_[trigger.name()];
  if (prepared.version == trigger.version() && prepared.token == trigger.token())
    return prepared.plan.get();
  prepared = {trigger.version(), trigger.token(), nullptr};
  auto plan = make_door_plan(trigger, context_.vault);
  if (plan.ok())
    prepared.plan = std::make_unique<DoorPlan>(*std::move(plan));
  else
    context_.log.error("a trigger's door does not open",
                       {{"trigger", trigger.name()}, {"why", plan.status().message()}});
  return prepared.plan.get();
}

std::optional<Response> Door::answer_head(const records::TriggerDefinition& trigger,
                                          const RequestHead& head) {
  if (head.method == Method::kPost) return std::nullopt;
  const verify::SignedRequest request{head.method_text, {}, head.headers, {}};
  verify::HandshakeSettings settings;
  const DoorPlan* plan = has_rules(trigger) ? plan_of(trigger) : nullptr;
  if (plan && refuse_address(*plan, head)) return std::nullopt;  // refuse_head says it
  if (head.method == Method::kOptions) {
    settings.rate_per_minute = static_cast<uint32_t>(trigger.flow().rate_per_s() * 60);
    return verify::answer_cloudevents_options(request, settings);
  }
  if (!plan || !plan->verifier) return std::nullopt;
  settings.secrets = plan->secrets;
  settings.verify_token = plan->verify_token;
  return verify::answer_unsigned_handshake(plan->verifier->preset(), request, head.query, settings);
}

std::optional<Response> Door::refuse_address(const DoorPlan& plan, const RequestHead& head) const {
  if (plan.addresses.empty()) return std::nullopt;
  const auto address = client_of(head, proxies_);
  if (address && plan.addresses.contain(*address)) return std::nullopt;
  return problem(Code::kAddressRefused, "This address may not send to this trigger.");
}

std::optional<Response> Door::refuse_head(const records::TriggerDefinition& trigger,
                                          const RequestHead& head) {
  if (!has_rules(trigger)) return std::nullopt;
  const DoorPlan* plan = plan_of(trigger);
  if (!plan) return locked();
  if (auto refused = refuse_address(*plan, head)) return refused;
  return logins_.refuse(trigger, *plan, head, client_text(head, proxies_));
}

std::optional<std::string> Door::waits_for(const records::TriggerDefinition& trigger,
                                           const RequestHead& head) {
  if (trigger.door().jwt().jwks_url().empty()) return std::nullopt;
  const DoorPlan* plan = plan_of(trigger);
  if (!plan || !context_.jwks.is_fetching(plan->jwks_url)) return std::nullopt;
  if (logins_.is_good(trigger, *plan, head)) return std::nullopt;
  return plan->jwks_url;
}

std::optional<Response> Door::answer_body(const records::TriggerDefinition& trigger,
                                          const RequestHead& head, std::string_view body,
                                          records::EventMeta& meta) {
  last_signature_.clear();
  if (context_.config.behind_proxy) meta.set_remote(client_text(head, proxies_));
  logins_.note_use(trigger, head);
  const DoorPlan* plan = trigger.has_door() ? plan_of(trigger) : nullptr;
  if (trigger.has_door() && !plan) return locked();
  if (plan && plan->verifier) return check_signature(trigger, *plan, head, body, meta);
  // Slack asks for its challenge before anybody has its secret in hand; echoing it gives nothing.
  if (body.size() > kSlackHandshakeBytesMax || body.find("url_verification") == body.npos)
    return std::nullopt;
  const verify::SignedRequest request{head.method_text, {}, head.headers, body};
  return verify::answer_signed_handshake(*verify::find_preset("slack"), {}, request);
}

std::optional<Response> Door::check_signature(const records::TriggerDefinition& trigger,
                                              const DoorPlan& plan, const RequestHead& head,
                                              std::string_view body, records::EventMeta& meta) {
  const std::string url = with_url(context_.config, head);
  const verify::SignedRequest request{head.method_text, url, head.headers, body};
  verify::Age age{.now_s = static_cast<int64_t>(context_.clock.wall_ms() / 1000)};
  if (trigger.door().tolerance_s()) age.tolerance_s = trigger.door().tolerance_s();
  const verify::Verdict verdict = plan.verifier->verify(request, age);
  if (!verdict.ok()) return bad_signature(plan, request, verdict, age);
  const verify::Preset& preset = plan.verifier->preset();
  if (auto answer = verify::answer_signed_handshake(preset, plan.secrets, request)) return answer;
  if (auto refused = refuse_replay(trigger, *plan.verifier, verdict, head)) return refused;
  meta.set_verified_by(preset.name);
  return std::nullopt;
}

std::optional<Response> Door::refuse_replay(const records::TriggerDefinition& trigger,
                                            const verify::Verifier& verifier,
                                            const verify::Verdict& verdict,
                                            const RequestHead& head) {
  // Without a signed time two equal bodies have one signature: a replay only where the user says
  // so.
  const bool remembered = verdict.signed_at_ms || trigger.door().replay_window();
  if (!remembered || verdict.signature.empty()) return std::nullopt;
  const std::string signature = trigger.name() + " " + verdict.signature;
  const Guard::Sight sight = context_.guard.sight(
      signature, delivery_name(head), window_ms(verifier, verdict, trigger.door().tolerance_s()));
  if (sight == Guard::Sight::kFirst) last_signature_ = signature;
  if (sight != Guard::Sight::kElsewhere) return std::nullopt;
  return problem(Code::kStaleTimestamp,
                 "This very request, with this signature, was received "
                 "before: a replay. Sign it anew to send it again.");
}

bool Door::may_look_for_causes() {
  const uint64_t now = context_.clock.monotonic_ms();
  if (now - hints_since_ms_ >= 60'000) {
    hints_since_ms_ = now;
    hints_ = 0;
  }
  return hints_++ < limits::hints_per_minute;
}

Response Door::bad_signature(const DoorPlan& plan, const verify::SignedRequest& request,
                             const verify::Verdict& verdict, const verify::Age& age) {
  std::string hint;
  if (may_look_for_causes()) {
    const auto causes =
        verify::likely_causes(plan.verifier->preset(), plan.secrets, request, verdict, age);
    if (!causes.empty()) hint = causes.front();
  }
  if (plan.signs_url && context_.config.public_url.empty())
    hint += std::string(hint.empty() ? "" : " ") +
            "This sender signs the URL, and public_url is not set: it may know us by another one.";
  context_.rejections.explain(std::move(hint));
  const Rejected rejected = verdict.rejected();
  return problem(rejected.code, rejected.detail);
}

}  // namespace penstock::gateway
