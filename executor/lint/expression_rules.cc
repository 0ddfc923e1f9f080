// Which of a definition's strings are expressions, which may be, and what each of them sees.
#include "executor/lint/declared.h"
#include "executor/lint/expression_check.h"
#include "executor/lint/meaning.h"
#include "executor/lint/shape.h"
#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

class ExpressionRules : public TaskVisitor {
 public:
  ExpressionRules(Findings& findings, const std::vector<std::string_view>& secrets)
      : check_(findings, secrets) {}

  void task(const Node& task, const Scope* scope) override {
    shared(task, scope);
    for (const std::string_view key : {"raise", "wait"}) data_at(task, key, scope);
    if (text_of(task, "call") != "asyncapi") data_at(task, "with", scope);
    set(task, scope);
    if (const auto emit = child(task, "emit")) data_at(*emit, "event", scope);
    if (const auto run = child(task, "run")) process(*run, scope);
    if (const auto loop = child(task, "for")) this->loop(task, *loop, scope);
    if (const auto cases = child(task, "switch")) this->cases(*cases, scope);
    if (const auto caught = child(task, "catch")) this->caught(*caught, scope);
    if (const auto listen = child(task, "listen")) {
      if (const auto to = child(*listen, "to")) strategy(*to, scope);
    }
    if (const auto each = child(task, "foreach")) events(*each, scope);
  }
  // What tasks and the workflow have alike.
  void shared(const Node& holder, const Scope* scope) {
    field_at(holder, "if", scope);
    filter(holder, "input", "from", scope);
    filter(holder, "output", "as", scope);
    filter(holder, "export", "as", scope);
    if (const auto timeout = child(holder, "timeout")) data_at(*timeout, "after", scope);
  }
  void strategy(const Node& to, const Scope* scope) {
    for (const std::string_view key : {"all", "any"}) {
      const auto filters = child(to, key);
      if (!filters || !filters->value().is_array()) continue;
      for (const Node& filter : children(*filters)) event_filter(filter, scope);
    }
    if (const auto one = child(to, "one")) event_filter(*one, scope);
    const auto until = child(to, "until");
    if (!until) return;
    if (until->value().is_object()) return strategy(*until, scope);
    check_.field(*until, scope);
  }
  void use(const Node& use) {
    for (const std::string_view key : {"authentications", "errors", "catalogs"}) {
      data_at(use, key, nullptr);
    }
    if (const auto retries = child(use, "retries")) {
      for (const Node& policy : children(*retries)) retry(policy, nullptr);
    }
    if (const auto extensions = child(use, "extensions")) {
      for (const Node& item : children(*extensions)) {
        for (const Node& extension : children(item)) field_at(extension, "when", nullptr);
      }
    }
  }

 private:
  void field_at(const Node& holder, std::string_view key, const Scope* scope) {
    if (const auto field = child(holder, key)) check_.field(*field, scope);
  }
  void data_at(const Node& holder, std::string_view key, const Scope* scope) {
    if (const auto data = child(holder, key)) check_.data(*data, scope);
  }
  // An expression, or an object with expressions in it.
  void filter(const Node& holder, std::string_view part, std::string_view key, const Scope* scope) {
    const auto parent = child(holder, part);
    const auto node = parent ? child(*parent, key) : std::nullopt;
    if (!node) return;
    if (node->value().is_string()) return check_.field(*node, scope);
    check_.data(*node, scope);
  }
  void set(const Node& task, const Scope* scope) {
    const auto set = child(task, "set");
    if (!set) return;
    if (!set->value().is_string()) return check_.data(*set, scope);
    check_.field(*set, scope);
  }
  void process(const Node& run, const Scope* scope) {
    if (const auto workflow = child(run, "workflow")) data_at(*workflow, "input", scope);
    for (const std::string_view kind : {"script", "shell"}) {
      const auto process = child(run, kind);
      if (!process) continue;
      for (const std::string_view key : {"stdin", "arguments", "environment", "source"}) {
        data_at(*process, key, scope);
      }
      if (const auto command = child(*process, "command")) check_.foreign_text(*command, scope);
    }
  }
  void loop(const Node& task, const Node& loop, const Scope* scope) {
    if (const auto in = child(loop, "in")) {
      in->value().is_string() ? check_.field(*in, scope) : check_.data(*in, scope);
    }
    const LoopNames names = loop_names(loop, "each");
    const Scope item{scope, names.item}, index{&item, names.index};
    field_at(task, "while", &index);
  }
  void cases(const Node& cases, const Scope* scope) {
    if (!cases.value().is_array()) return;
    for (const Node& item : children(cases)) {
      for (const Node& one : children(item)) field_at(one, "when", scope);
    }
  }
  void caught(const Node& caught, const Scope* scope) {
    const Scope inner{scope, caught_name(caught)};
    field_at(caught, "when", &inner);
    field_at(caught, "exceptWhen", &inner);
    if (const auto policy = child(caught, "retry")) retry(*policy, &inner);
  }
  void retry(const Node& policy, const Scope* scope) {
    // A shared policy cannot know what the catch that uses it calls the error.
    const Scope error{scope, "error"};
    field_at(policy, "when", &error);
    field_at(policy, "exceptWhen", &error);
    for (const std::string_view key : {"delay", "limit", "jitter"}) data_at(policy, key, &error);
  }
  void event_filter(const Node& filter, const Scope* scope) {
    data_at(filter, "with", scope);
    const auto correlations = child(filter, "correlate");
    if (!correlations) return;
    for (const Node& correlation : children(*correlations)) {
      field_at(correlation, "from", scope);
      data_at(correlation, "expect", scope);
    }
  }
  void events(const Node& each, const Scope* scope) {
    const LoopNames names = loop_names(each, "item");
    const Scope item{scope, names.item}, index{&item, names.index};
    filter(each, "output", "as", &index);
    filter(each, "export", "as", &index);
  }

  ExpressionCheck check_;
};

}  // namespace

void check_expressions(Findings& findings, const Node& root) {
  const Declared declared = declared_in(root);
  ExpressionRules rules(findings, declared.secrets);
  rules.shared(root, nullptr);
  if (const auto use = child(root, "use")) rules.use(*use);
  if (const auto schedule = child(root, "schedule")) {
    if (const auto on = child(*schedule, "on")) rules.strategy(*on, nullptr);
  }
  walk_tasks(root, rules);
}

}  // namespace penstock::lint
