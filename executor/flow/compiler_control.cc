#include "executor/flow/compiler.h"
#include "proto/limits.h"

namespace penstock::flow {

SwitchBody Compiler::switch_body(const Node& node, const std::vector<std::string>& siblings) {
  SwitchBody body;
  const json::Value cases = node.definition.get("switch");
  for (size_t i = 0; i < cases.size(); i++) {
    const json::Value item = cases.at(i);
    const std::string place = node.reference + "/switch/" + std::to_string(i);
    if (!item.is_object() || item.size() != 1) {
      fail(place, "a case is an object with one key, its name");
      return body;
    }
    const json::Member one = item.member(0);
    const std::string inner = place + pointer_step(one.key.as_string());
    SwitchCase made;
    made.when = expression(one.value.get("when"), inner + "/when");
    made.then = directive(one.value.get("then"), siblings, inner + "/then");
    body.cases.push_back(std::move(made));
  }
  return body;
}

ForBody Compiler::for_body(const Node& node) {
  ForBody body;
  const json::Value loop = node.definition.get("for");
  body.in = field(loop.get("in"), node.reference + "/for/in");
  const json::Value each = loop.get("each"), at = loop.get("at");
  declare({each.is_string() ? std::string(each.as_string()) : "item",
           at.is_string() ? std::string(at.as_string()) : "index"});
  body.while_ = expression(node.definition.get("while"), node.reference + "/while");
  body.tasks = list(node.definition.get("do"), node.reference + "/do");
  forget(2);
  return body;
}

TryBody Compiler::try_body(const Node& node, const std::vector<std::string>& siblings) {
  TryBody body;
  const std::string place = node.reference + "/catch";
  const json::Value rule = node.definition.get("catch");
  body.tasks = list(node.definition.get("try"), node.reference + "/try");
  body.filter = rule.get("errors").get("with");
  const json::Value as = rule.get("as");
  declare({as.is_string() ? std::string(as.as_string()) : "error"});
  body.when = expression(rule.get("when"), place + "/when");
  body.except_when = expression(rule.get("exceptWhen"), place + "/exceptWhen");
  body.retry = retry_policy(rule.get("retry"), place + "/retry");
  if (const auto handler = rule.find("do")) body.handler = list(*handler, place + "/do");
  forget(1);
  const json::Value then = rule.get("then");
  if (then.is_string()) body.then = directive(then, siblings, place + "/then");
  return body;
}

std::shared_ptr<const RetryPolicy> Compiler::retry_policy(json::Value policy,
                                                          const std::string& pointer) {
  policy = used("retries", policy, pointer);
  if (policy.is_null()) return nullptr;
  auto made = std::make_shared<RetryPolicy>();
  made->when = expression(policy.get("when"), pointer + "/when");
  made->except_when = expression(policy.get("exceptWhen"), pointer + "/exceptWhen");
  made->delay = duration(policy.get("delay"), pointer + "/delay");
  made->backoff = backoff(policy);
  const json::Value limit = policy.get("limit"), jitter = policy.get("jitter");
  made->total_limit = duration(limit.get("duration"), pointer + "/limit/duration");
  made->attempt_limit =
      duration(limit.get("attempt").get("duration"), pointer + "/limit/attempt/duration");
  if (const auto count = limit.get("attempt").get("count").as_integer()) {
    made->attempts_max = static_cast<uint64_t>(std::max<int64_t>(*count, 0));
  }
  made->jitter_from = duration(jitter.get("from"), pointer + "/jitter/from");
  made->jitter_to = duration(jitter.get("to"), pointer + "/jitter/to");
  return made;
}

RetryPolicy::Backoff Compiler::backoff(const json::Value& policy) {
  const json::Value backoff = policy.get("backoff");
  if (backoff.find("exponential")) return RetryPolicy::Backoff::kExponential;
  if (backoff.find("linear")) return RetryPolicy::Backoff::kLinear;
  return RetryPolicy::Backoff::kConstant;
}

RaiseBody Compiler::raise_body(const Node& node) {
  const std::string place = node.reference + "/raise/error";
  const json::Value error = used("errors", node.definition.get("raise").get("error"), place);
  if (!error.is_object()) fail(place, "an error is an object with a type and a status");
  return {value(error, place)};
}

ForkBody Compiler::fork_body(const Node& node) {
  const json::Value fork = node.definition.get("fork");
  ForkBody body;
  body.branches = list(fork.get("branches"), node.reference + "/fork/branches");
  body.compete = fork.get("compete").as_bool();
  return body;
}

}  // namespace penstock::flow
