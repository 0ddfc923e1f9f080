#include "executor/flow/compiler.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::flow {
namespace {

// The word in a task that says what it is, in the order in which they are looked for.
constexpr std::pair<std::string_view, TaskKind> kKinds[] = {
    {"call", TaskKind::kCall},     {"set", TaskKind::kSet},   {"switch", TaskKind::kSwitch},
    {"for", TaskKind::kFor},       {"try", TaskKind::kTry},   {"raise", TaskKind::kRaise},
    {"wait", TaskKind::kWait},     {"fork", TaskKind::kFork}, {"emit", TaskKind::kEmit},
    {"listen", TaskKind::kListen}, {"run", TaskKind::kRun},   {"do", TaskKind::kDo},
};

std::optional<TaskKind> kind_of(const json::Value& definition) {
  for (const auto& [word, kind] : kKinds) {
    if (definition.find(word)) return kind;
  }
  return std::nullopt;
}

}  // namespace

std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Compiler::Compiler(const json::Value& definition)
    : definition_(definition), program_(std::make_shared<Program>()) {}

Result<ProgramPtr> Compiler::compile(const json::Value& definition) {
  Compiler compiler(definition);
  if (Status status = compiler.run(); !status) return status;
  return ProgramPtr(std::move(compiler.program_));
}

Status Compiler::run() {
  const json::Value document = definition_.get("document");
  program_->name = document.get("name").as_string();
  program_->space = document.get("namespace").as_string();
  program_->version = document.get("version").as_string();
  program_->definition = definition_;
  const json::Value settings = document.get("metadata").get("penstock");
  program_->hold_effects = settings.get("journal").as_string() != "async";
  const json::Value secrets = definition_.get("use").get("secrets");
  for (size_t i = 0; i < secrets.size(); i++) {
    program_->secrets.emplace_back(secrets.at(i).as_string());
  }
  declare_functions();
  extensions();
  functions();
  root();
  schedule();
  return status_;
}

// All functions are there before any is filled in, so that they may call each other.
void Compiler::declare_functions() {
  const json::Value functions = definition_.get("use").get("functions");
  for (size_t i = 0; i < functions.size(); i++) {
    const json::Member member = functions.member(i);
    auto node = std::make_unique<Node>();
    node->name = member.key.as_string();
    node->reference = "/use/functions" + pointer_step(node->name);
    node->definition = member.value;
    targets_[node->name] = node.get();
    program_->functions[node->name] = std::move(node);
  }
}

void Compiler::functions() {
  for (const auto& [name, node] : targets_) fill(*node, {});
}

void Compiler::root() {
  Node& node = program_->root;
  node.name = program_->name;
  node.definition = definition_;
  node.input = transform(definition_, "input", "");
  node.output = transform(definition_, "output", "");
  node.timeout = timeout(definition_.get("timeout"), "/timeout");
  node.reply = reply(definition_.get("document").get("metadata"), "/document");
  node.body = DoBody{list(definition_.get("do"), "/do")};
}

TaskList Compiler::list(const json::Value& tasks, const std::string& pointer) {
  TaskList made;
  if (!tasks.is_array()) {
    fail(pointer, "a list of tasks is an array of objects with one name each");
    return made;
  }
  std::vector<std::string> names;
  for (size_t i = 0; i < tasks.size(); i++) {
    const json::Value item = tasks.at(i);
    const bool named = item.is_object() && item.size() == 1;
    if (!named)
      fail(pointer + "/" + std::to_string(i), "a task is an object with one key, its name");
    names.emplace_back(named ? item.member(0).key.as_string() : "");
  }
  if (!status_.ok()) return made;
  for (size_t i = 0; i < tasks.size(); i++) {
    const std::string place = pointer + "/" + std::to_string(i) + pointer_step(names[i]);
    made.push_back(task(names[i], tasks.at(i).at(0), place, names));
  }
  return made;
}

NodePtr Compiler::task(const std::string& name, const json::Value& definition,
                       const std::string& pointer, const std::vector<std::string>& siblings) {
  auto node = std::make_unique<Node>();
  node->name = name;
  node->reference = pointer;
  node->definition = definition;
  if (++depth_ > limits::definition_depth_max) {
    fail(pointer,
         "tasks are nested more than " + std::to_string(limits::definition_depth_max) + " deep");
  } else {
    fill(*node, siblings);
  }
  depth_--;
  return node;
}

void Compiler::fill(Node& node, const std::vector<std::string>& siblings) {
  const std::optional<TaskKind> kind = kind_of(node.definition);
  if (!kind) {
    fail(node.reference, "this is no task: none of call, set, switch, for, try, … is in it");
    return;
  }
  base(node, siblings);
  if (!status_.ok()) return;
  extend(node);
  const json::Value& definition = node.definition;
  switch (*kind) {
    case TaskKind::kDo:
      node.body = DoBody{list(definition.get("do"), node.reference + "/do")};
      break;
    case TaskKind::kSet: {
      const bool text = definition.get("set").is_string();
      const json::Value set = definition.get("set");
      node.body =
          SetBody{text ? field(set, node.reference + "/set") : value(set, node.reference + "/set")};
      break;
    }
    case TaskKind::kSwitch:
      node.body = switch_body(node, siblings);
      break;
    case TaskKind::kFor:
      node.body = for_body(node);
      break;
    case TaskKind::kTry:
      node.body = try_body(node, siblings);
      break;
    case TaskKind::kRaise:
      node.body = raise_body(node);
      break;
    case TaskKind::kWait: {
      std::optional<Duration> time = duration(definition.get("wait"), node.reference + "/wait");
      if (time) node.body = WaitBody{std::move(*time)};
      break;
    }
    case TaskKind::kFork:
      node.body = fork_body(node);
      break;
    case TaskKind::kEmit:
      node.body = emit_body(node);
      break;
    case TaskKind::kListen:
      node.body = listen_body(node);
      break;
    case TaskKind::kRun:
      if (std::optional<CallBody> process = process_body(node)) {
        node.body = std::move(*process);
      } else {
        node.body = run_body(node);
      }
      break;
    case TaskKind::kCall:
    case TaskKind::kFunction:
      call_body(node);
      break;
  }
}

void Compiler::base(Node& node, const std::vector<std::string>& siblings) {
  const json::Value& definition = node.definition;
  node.locals = static_cast<uint32_t>(locals_.size());
  node.guard = expression(definition.get("if"), node.reference + "/if");
  node.input = transform(definition, "input", node.reference);
  node.output = transform(definition, "output", node.reference);
  node.exported = transform(definition, "export", node.reference);
  node.timeout = timeout(definition.get("timeout"), node.reference + "/timeout");
  node.then = directive(definition.get("then"), siblings, node.reference + "/then");
  node.reply = reply(definition.get("metadata"), node.reference);
}

// The caller is answered with the output, unless the form says otherwise.
std::optional<Template> Compiler::reply(const json::Value& metadata, const std::string& pointer) {
  const json::Value wanted = metadata.get("penstock").get("reply");
  const std::string place = pointer + "/metadata/penstock/reply";
  if (wanted.is_null() || (wanted.is_bool() && !wanted.as_bool())) return std::nullopt;
  json::Value form = wanted.is_object() ? wanted : json::Value::object();
  if (!wanted.is_object() && !wanted.is_bool())
    fail(place, "a reply is true, or an object of status, contentType, headers and body");
  for (size_t i = 0; i < form.size(); i++) {
    const std::string_view key = form.member(i).key.as_string();
    if (key != "status" && key != "contentType" && key != "headers" && key != "body")
      fail(place, "a reply has no '" + std::string(key) + "': status, contentType, headers, body");
  }
  if (!form.find("body")) form.set("body", json::Value::string("${ . }"));
  return value(form, place);
}

Transform Compiler::transform(const json::Value& holder, std::string_view way,
                              const std::string& pointer) {
  Transform made;
  const json::Value definition = holder.get(way);
  const std::string place = pointer + "/" + std::string(way);
  const std::optional<json::Value> by = definition.find(way == "input" ? "from" : "as");
  if (by) made.expression = field(*by, place + (way == "input" ? "/from" : "/as"));
  const json::Value schema = definition.get("schema");
  if (schema.is_null()) return made;
  const std::optional<json::Value> document = schema.find("document");
  if (!document) {
    refuse(place + "/schema", "external schemas are not read: write the schema under `document`");
    return made;
  }
  Result<std::shared_ptr<const Schema>> compiled = Schema::compile(*document);
  if (compiled) {
    made.schema = std::move(*compiled);
  } else {
    fail(place + "/schema/document", compiled.status().message());
  }
  return made;
}

Directive Compiler::directive(const json::Value& text, const std::vector<std::string>& siblings,
                              const std::string& pointer) {
  if (!text.is_string()) return {};
  const std::string_view word = text.as_string();
  if (word == "continue") return {};
  if (word == "exit") return {Directive::Kind::kExit};
  if (word == "end") return {Directive::Kind::kEnd};
  const auto found = std::find(siblings.begin(), siblings.end(), word);
  if (found == siblings.end()) {
    fail(pointer, "there is no task '" + std::string(word) + "' in the same list");
    return {};
  }
  return {Directive::Kind::kTask, static_cast<uint32_t>(found - siblings.begin())};
}

}  // namespace penstock::flow
