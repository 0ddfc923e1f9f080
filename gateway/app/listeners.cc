#include "gateway/app/listeners.h"

#include "gateway/app/auth.h"
#include "gateway/app/guard.h"

namespace penstock::gateway {

static bool is_health(std::string_view path) { return path == "/livez" || path == "/readyz"; }

static constexpr std::string_view kReceiptKeys = "/.well-known/penstock-receipts.json";

static bool for_anyone(std::string_view path) {
  return path == kReceiptKeys || Hooks::is_ours(path) || is_health(path) ||
         (Runs::is_ours(path) && path.size() > std::string_view("/v1/runs/").size());
}

static Response not_here() {
  return problem(Code::kNotFound, "Nothing has this address.");
}

BodyPlan SenderListener::on_head(const RequestHead& head) {
  if (Ledger::is_ours(head)) return parts_.ledger.on_head(head);
  if (Hooks::is_ours(head.path)) return parts_.hooks.on_head(head);
  if (Signals::is_ours(head.path)) return parts_.signals.on_head(head);
  if (for_anyone(head.path)) return parts_.runs.on_head(head);
  BodyPlan plan;
  plan.refuse = not_here();
  return plan;
}

void SenderListener::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  if (Ledger::is_ours(head)) return parts_.ledger.on_request(exchange, head);
  if (head.path == kReceiptKeys) return receipt_keys(exchange, head);
  if (Hooks::is_ours(head.path)) return parts_.hooks.on_request(exchange, head, std::move(body));
  if (Signals::is_ours(head.path))
    return parts_.signals.on_request(exchange, head, std::move(body));
  if (Runs::is_ours(head.path)) return parts_.runs.on_request(exchange, head);
  if (!parts_.info.health(exchange, head)) context_.server.respond(exchange, not_here());
}

void SenderListener::receipt_keys(ExchangeId exchange, const RequestHead& head) {
  if (head.method != Method::kGet && head.method != Method::kHead)
    return respond_wrong_method(context_.server, exchange, "GET, HEAD");
  Response answer;
  answer.headers = "Cache-Control: max-age=3600\r\n";
  answer.body = context_.receipts.key_set_json() + "\n";
  context_.server.respond(exchange, std::move(answer));
}


void SenderListener::on_gone(ExchangeId exchange) { parts_.runs.on_gone(exchange); }

void SenderListener::on_half_closed(ExchangeId exchange) { parts_.runs.on_half_closed(exchange); }

/// The right token is let in at any time, so that no stranger can lock its owner out.
Response OperatorListener::refuse_stranger(const RequestHead& head) {
  const std::string who = "operators " + std::string(head.remote);
  if (head.header("authorization")) {
    const uint32_t wait_s = context_.guard.wait_s(who, limits::login_failures_max);
    if (wait_s > 0)
      return problem(Code::kRateLimited, "Too many wrong tokens from this address.", {}, {}, wait_s);
    context_.guard.failed(who);
  }
  return unauthorized("The operators' API wants Authorization: Bearer with the admin token, from "
                      "the file admin-token of the data folder.", {});
}

BodyPlan OperatorListener::on_head(const RequestHead& head) {
  if (for_anyone(head.path)) return SenderListener::on_head(head);
  BodyPlan plan;
  plan.bytes_max = limits::workflow_bytes_max;
  if (head.path == "/metrics") return plan;
  if (!head.path.starts_with("/v1/")) plan.refuse = not_here();
  else if (!is_admin(context_.credentials, head)) plan.refuse = refuse_stranger(head);
  return plan;
}

void OperatorListener::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  if (for_anyone(head.path)) return SenderListener::on_request(exchange, head, std::move(body));
  OperatorRequest request{exchange, head, body, {}};
  std::string_view rest = head.path;
  if (rest.starts_with("/v1/")) rest.remove_prefix(4);
  else rest.remove_prefix(1);
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    request.words.emplace_back(rest.substr(0, slash));
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  }
  if (request.words.empty()) return context_.server.respond(exchange, not_here());
  route(request);
}

void OperatorListener::route(const OperatorRequest& request) {
  const std::string& first = request.words.front();
  if (first == "workflows") return parts_.workflows.on_request(request);
  if (first == "triggers" && request.words.size() == 3) {
    if (MappingApi::is_ours(request.words[2])) return parts_.mapping.on_request(request);
    if (request.words[2] == "test") return parts_.trials.on_request(request);
  }
  const bool reads = request.is(Method::kGet) || request.is(Method::kHead);
  if (first == "triggers" && request.words.size() == 2 && reads &&
      request.query("fields").value_or("0") != "0")
    return parts_.mapping.show(request);
  if (first == "triggers") return parts_.triggers.on_request(request);
  if (first == "replays") return parts_.replays.on_request(request);
  if (first == "events" || first == "runs" || first == "dead-letters")
    return parts_.events.on_request(request);
  if (first == "audit" && request.words.size() == 1) return parts_.audit.on_request(request);
  if (first == "secrets") return parts_.secrets.on_request(request);
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  const bool ours = first == "metrics" || first == "stats" || first == "limits" ||
                    first == "executors";
  if (!ours || request.words.size() > 1)
    return context_.server.respond(request.exchange, not_here());
  if (!read) return respond_wrong_method(context_.server, request.exchange, "GET");
  if (first == "metrics") return parts_.info.metrics(request.exchange);
  if (first == "stats") return parts_.info.stats(request);
  if (first == "limits") return parts_.info.limits(request.exchange);
  parts_.info.executors(request.exchange);
}

}  // namespace penstock::gateway
