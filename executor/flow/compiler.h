// Turns a workflow definition into a Program: every expression compiled, every name resolved.
// Called once per workflow version; what it refuses, `lint` has said already in more words.
// No I/O. Limitations: the first fault ends it; lint finds them all.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/flow/node.h"
#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::flow {

class Compiler {
 public:
  /// `definition`: the whole document, as JSON. kInvalid says where and what; kUnsupported names
  /// a task that this runtime refuses.
  static Result<ProgramPtr> compile(const json::Value& definition);

 private:
  explicit Compiler(const json::Value& definition);
  Status run();

  // compiler.cc: the workflow, lists, what all tasks share
  void functions();
  void declare_functions();
  void root();
  TaskList list(const json::Value& tasks, const std::string& pointer);
  NodePtr task(const std::string& name, const json::Value& definition, const std::string& pointer,
               const std::vector<std::string>& siblings);
  void fill(Node& node, const std::vector<std::string>& siblings);
  void base(Node& node, const std::vector<std::string>& siblings);
  Transform transform(const json::Value& holder, std::string_view way, const std::string& pointer);
  std::optional<Template> reply(const json::Value& metadata, const std::string& pointer);
  Directive directive(const json::Value& text, const std::vector<std::string>& siblings,
                      const std::string& pointer);

  // compiler_extend.cc: use.extensions
  void extensions();
  void extend(Node& node);

  // compiler_control.cc: tasks that steer
  SwitchBody switch_body(const Node& node, const std::vector<std::string>& siblings);
  ForBody for_body(const Node& node);
  TryBody try_body(const Node& node, const std::vector<std::string>& siblings);
  std::shared_ptr<const RetryPolicy> retry_policy(json::Value policy, const std::string& pointer);
  RetryPolicy::Backoff backoff(const json::Value& policy);
  RaiseBody raise_body(const Node& node);
  ForkBody fork_body(const Node& node);

  // compiler_effects.cc: tasks that reach outside
  void call_body(Node& node);
  RunBody run_body(const Node& node);
  void schedule();
  std::optional<CallBody> process_body(const Node& node);
  bool catalog_body(Node& node, std::string_view call, const json::Value& with);
  EmitBody emit_body(const Node& node);
  ListenBody listen_body(const Node& node);
  void listen_strategy(ListenBody& body, const json::Value& to, const std::string& pointer);
  std::vector<EventFilter> filters(const json::Value& list, const std::string& pointer);
  EventFilter filter(const json::Value& definition, const std::string& pointer);
  json::Value with_policies(const json::Value& value, const std::string& pointer, uint32_t depth);

  // compiler_parts.cc: the small pieces
  std::optional<Expression> expression(const json::Value& text, const std::string& pointer);
  Template value(const json::Value& value, const std::string& pointer);
  Template field(const json::Value& value, const std::string& pointer);
  std::optional<Duration> duration(const json::Value& value, const std::string& pointer);
  std::optional<Duration> timeout(json::Value value, const std::string& pointer);
  /// `use.<kind>.<name>` when `value` is text, else `value`.
  json::Value used(std::string_view kind, const json::Value& value, const std::string& pointer);
  void fail(const std::string& pointer, const std::string& message);
  void refuse(const std::string& pointer, const std::string& message);
  /// Adds names to the scope and returns the slot of the first.
  uint32_t declare(std::initializer_list<std::string> names);
  void forget(size_t count);

  const json::Value& definition_;
  std::shared_ptr<Program> program_;
  std::unordered_map<std::string, Node*> targets_;  // functions by name
  LocalNames locals_;
  std::vector<ExtensionPtr> extensions_;
  bool in_extension_ = false;  // whose tasks are not extended themselves
  uint32_t depth_ = 0;
  Status status_;
};

/// A step of a JSON pointer, escaped.
std::string pointer_step(std::string_view name);

}  // namespace penstock::flow
