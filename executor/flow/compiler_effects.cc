#include <algorithm>

#include "executor/flow/compiler.h"
#include "proto/limits.h"

namespace penstock::flow {
namespace {

constexpr std::string_view kCallKinds[] = {"http", "openapi", "grpc", "a2a", "mcp"};
constexpr std::string_view kDefaultCatalog = "@default";

// The name of a function of the default catalog: "chat" of "chat:1.0.0@default".
std::optional<std::string_view> catalog_function(std::string_view call) {
  if (!call.ends_with(kDefaultCatalog)) return std::nullopt;
  call.remove_suffix(kDefaultCatalog.size());
  return call.substr(0, call.find(':'));
}

}  // namespace

void Compiler::call_body(Node& node) {
  const std::string call(node.definition.get("call").as_string());
  const std::string place = node.reference + "/with";
  const json::Value with = with_policies(node.definition.get("with"), place, 0);
  if (call == "asyncapi") {
    refuse(node.reference + "/call",
           "`call: asyncapi` is not run here: use `call: http`, or emit and listen");
  } else if (targets_.contains(call)) {
    FunctionBody body;
    body.target = targets_.at(call);
    body.name = call;
    body.with = value(with, place);
    node.body = std::move(body);
  } else if (const auto known = std::find(std::begin(kCallKinds), std::end(kCallKinds), call);
             known != std::end(kCallKinds)) {
    node.body = CallBody{call, value(with, place)};
  } else if (catalog_body(node, call, with)) {
    return;
  } else if (const auto function = catalog_function(call)) {
    node.body = CallBody{std::string(*function), value(with, place)};
  } else {
    fail(node.reference + "/call", "there is no function '" + call + "' under use.functions");
  }
}

// `NAME:VERSION@CATALOG`, the catalog being under use.catalogs.
bool Compiler::catalog_body(Node& node, std::string_view call, const json::Value& with) {
  const size_t at = call.rfind('@');
  if (at == call.npos) return false;
  const json::Value catalog = definition_.get("use").get("catalogs").get(call.substr(at + 1));
  if (!catalog.is_object()) return false;
  const std::string place = "/use/catalogs" + pointer_step(call.substr(at + 1));
  json::Value wanted = with_policies(catalog, place, 0);
  wanted.set("function", json::Value::string(std::string(call.substr(0, at))));
  RunBody body;
  body.name = call;
  body.input = value(with, node.reference + "/with");
  body.catalog = CallBody{"catalog", value(wanted, place)};
  node.body = std::move(body);
  return true;
}

// `with`, its `authentication: {use: NAME}` replaced by the policy of that name.
json::Value Compiler::with_policies(const json::Value& value, const std::string& pointer,
                                    uint32_t depth) {
  if (depth > limits::definition_depth_max || !value.is_object()) return value;
  json::Value made = value;
  for (size_t i = 0; i < value.size(); i++) {
    const json::Member member = value.member(i);
    const std::string key(member.key.as_string());
    json::Value part = member.value;
    if (key == "authentication" && part.get("use").is_string()) {
      part = used("authentications", part.get("use"), pointer + "/authentication");
    } else if (key == "endpoint" || key == "document" || key == "service" || key == "server" ||
               key == "transport" || key == "http" || key == "proto" || key == "agentCard" ||
               key == "source") {
      part = with_policies(part, pointer + pointer_step(key), depth + 1);
    }
    if (!part.same(member.value)) made.set(key, std::move(part));
  }
  return made;
}

// A shell command or a script is a call that takes what stands under its word and beside it.
std::optional<CallBody> Compiler::process_body(const Node& node) {
  const json::Value run = node.definition.get("run");
  for (const std::string_view word : {"shell", "script"}) {
    json::Value with = run.get(word);
    if (!with.is_object()) continue;
    const std::string place = node.reference + "/run" + pointer_step(word);
    with = with_policies(with, place, 0);
    for (const std::string_view beside : {"return", "await"}) {
      if (const auto set = run.find(beside)) with.set(beside, *set);
    }
    return CallBody{std::string(word), value(with, place)};
  }
  return std::nullopt;
}

RunBody Compiler::run_body(const Node& node) {
  RunBody body;
  const json::Value run = node.definition.get("run");
  const json::Value workflow = run.get("workflow");
  if (run.find("container")) {
    refuse(node.reference + "/run", "`run: container` is not run here: call a service over HTTP");
  } else if (!workflow.is_object()) {
    fail(node.reference + "/run", "say what to run: workflow, script or shell");
  }
  body.name = workflow.get("name").as_string();
  const json::Value version = workflow.get("version");
  if (version.as_string() != "latest") body.version = version.as_string();
  body.input = value(workflow.get("input"), node.reference + "/run/workflow/input");
  const json::Value await = run.get("await");
  body.await = !await.is_bool() || await.as_bool();
  return body;
}

// When the workflow starts by itself; the gateway acts on it, not the run.
void Compiler::schedule() {
  const json::Value schedule = definition_.get("schedule");
  if (!schedule.is_object()) return;
  program_->every = duration(schedule.get("every"), "/schedule/every");
  program_->after = duration(schedule.get("after"), "/schedule/after");
  const json::Value on = schedule.get("on");
  if (on.is_null()) return;
  ListenBody body;
  const std::string_view read = schedule.get("read").as_string();
  if (read == "envelope") body.read = ListenBody::Read::kEnvelope;
  if (read == "raw") body.read = ListenBody::Read::kRaw;
  listen_strategy(body, on, "/schedule/on");
  program_->starts = std::move(body);
}

EmitBody Compiler::emit_body(const Node& node) {
  return {value(node.definition.get("emit").get("event").get("with"),
                node.reference + "/emit/event/with")};
}

ListenBody Compiler::listen_body(const Node& node) {
  ListenBody body;
  const json::Value listen = node.definition.get("listen");
  const std::string_view read = listen.get("read").as_string();
  if (read == "envelope") body.read = ListenBody::Read::kEnvelope;
  if (read == "raw") body.read = ListenBody::Read::kRaw;
  listen_strategy(body, listen.get("to"), node.reference + "/listen/to");
  const json::Value loop = node.definition.get("foreach");
  if (!loop.is_object()) return body;
  const json::Value item = loop.get("item"), at = loop.get("at");
  declare({item.is_string() ? std::string(item.as_string()) : "item",
           at.is_string() ? std::string(at.as_string()) : "index"});
  const std::string place = node.reference + "/foreach";
  if (const auto tasks = loop.find("do")) body.foreach_ = list(*tasks, place + "/do");
  body.each_output = transform(loop, "output", place);
  body.each_export = transform(loop, "export", place);
  forget(2);
  return body;
}

void Compiler::listen_strategy(ListenBody& body, const json::Value& to,
                               const std::string& pointer) {
  if (const auto one = to.find("one")) {
    body.strategy = ListenBody::Strategy::kOne;
    body.filters.push_back(filter(*one, pointer + "/one"));
  } else if (const auto all = to.find("all")) {
    body.strategy = ListenBody::Strategy::kAll;
    body.filters = filters(*all, pointer + "/all");
  } else if (const auto any = to.find("any")) {
    body.strategy = ListenBody::Strategy::kAny;
    body.filters = filters(*any, pointer + "/any");
    const json::Value until = to.get("until");
    body.until = until.is_string() ? expression(until, pointer + "/until") : std::nullopt;
    if (until.is_object()) {
      ListenBody inner;
      listen_strategy(inner, until, pointer + "/until");
      body.until_events = std::move(inner.filters);
    }
  } else {
    fail(pointer, "say what to listen to: one, any or all");
  }
}

std::vector<EventFilter> Compiler::filters(const json::Value& list, const std::string& pointer) {
  std::vector<EventFilter> made;
  for (size_t i = 0; i < list.size(); i++) {
    made.push_back(filter(list.at(i), pointer + "/" + std::to_string(i)));
  }
  return made;
}

EventFilter Compiler::filter(const json::Value& definition, const std::string& pointer) {
  EventFilter made;
  const json::Value with = definition.get("with");
  for (size_t i = 0; with.is_object() && i < with.size(); i++) {
    const json::Member member = with.member(i);
    const std::string key(member.key.as_string());
    made.with.emplace_back(key, value(member.value, pointer + "/with" + pointer_step(key)));
  }
  const json::Value correlate = definition.get("correlate");
  for (size_t i = 0; correlate.is_object() && i < correlate.size(); i++) {
    const json::Member member = correlate.member(i);
    const std::string place = pointer + "/correlate" + pointer_step(member.key.as_string());
    std::optional<Expression> from = expression(member.value.get("from"), place + "/from");
    if (!from) {
      fail(place, "a correlation needs `from`");
      return made;
    }
    std::optional<Template> expect;
    if (const auto wanted = member.value.find("expect")) expect = value(*wanted, place + "/expect");
    made.correlate.push_back(
        {std::string(member.key.as_string()), std::move(*from), std::move(expect)});
  }
  return made;
}

}  // namespace penstock::flow
