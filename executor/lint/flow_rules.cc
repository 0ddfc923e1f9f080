// Where `then` leads, and whether task names tell tasks apart.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "executor/lint/meaning.h"
#include "executor/lint/shape.h"
#include "executor/lint/suggestion.h"
#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

using Names = std::set<std::string_view>;

constexpr std::string_view kDirectives[] = {"continue", "exit", "end"};

bool is_directive(std::string_view target) {
  return std::find(std::begin(kDirectives), std::end(kDirectives), target) != std::end(kDirectives);
}

// The tasks of a list; their nodes' parents are the items, which the list's owner keeps.
std::vector<Node> tasks_of(const std::vector<Node>& items) {
  std::vector<Node> tasks;
  for (const Node& item : items) {
    if (!item.value().is_object() || item.value().size() != 1) continue;
    for (Node& task : children(item)) tasks.push_back(std::move(task));
  }
  return tasks;
}

// Every task's name, however deep: to tell a misplaced target from a misspelled one.
class AllNames : public TaskVisitor {
 public:
  void task(const Node& task, const Scope*) override { names.emplace(task.name()); }
  std::set<std::string, std::less<>> names;
};

class FlowRules : public TaskVisitor {
 public:
  FlowRules(Findings& findings, const AllNames& everywhere)
      : findings_(findings), everywhere_(everywhere) {}

  void list(const Node& list, ListKind kind) override {
    const std::vector<Node> items = children(list);
    const std::vector<Node> tasks = tasks_of(items);
    Names names;
    for (const Node& task : tasks) names.insert(task.name());
    kind_ = kind;
    targeted_.clear();
    for (const Node& task : tasks) directives_of(task, names);
    duplicates(tasks);
  }

 private:
  void directives_of(const Node& task, const Names& names) {
    directive(task, names);
    if (const auto caught = child(task, "catch")) directive(*caught, names);
    const auto cases = child(task, "switch");
    if (!cases || !cases->value().is_array()) return;
    std::vector<Node> items = children(*cases);
    for (const Node& one : tasks_of(items)) directive(one, names);
    defaults(items);
  }
  void directive(const Node& holder, const Names& names) {
    const auto then = child(holder, "then");
    if (!then || !then->value().is_string()) return;
    const std::string_view target = then->value().as_string();
    if (is_directive(target)) return;
    targeted_.emplace(target);
    if (!names.contains(target)) return unknown(*then, target, names);
    if (kind_ == ListKind::kSequence) return;
    findings_.error(code::kFlow, *then, At::kValue,
                    "branches run side by side: one cannot go on with another", "use a do task");
  }
  void unknown(const Node& then, std::string_view target, const Names& names) {
    if (findings_.full()) return;
    std::vector<std::string_view> known(std::begin(kDirectives), std::end(kDirectives));
    known.insert(known.end(), names.begin(), names.end());
    const bool elsewhere = everywhere_.names.contains(target);
    const std::string_view meant = elsewhere ? std::string_view() : suggest(target, known);
    std::string hint = meant.empty() ? "" : "did you mean " + quoted(meant) + "?";
    if (elsewhere) hint = "end this list first (then: exit), and go there from the list around it";
    findings_.error(code::kFlow, then, At::kValue,
                    elsewhere ? "the task " + quoted(target) + " is in another list of tasks"
                              : "there is no task " + quoted(target) + " in this list",
                    std::move(hint));
  }
  void defaults(const std::vector<Node>& items) {
    bool seen = false;
    for (const Node& one : tasks_of(items)) {
      if (!one.value().is_object() || has(one, "when")) continue;
      if (seen) {
        findings_.warning(code::kFlow, one, At::kKey,
                          "a second case without \"when\": it is never taken");
      }
      seen = true;
    }
  }
  void duplicates(const std::vector<Node>& tasks) {
    std::set<std::string_view> seen;
    for (const Node& task : tasks) {
      if (seen.insert(task.name()).second) continue;
      const std::string message = "a second task named " + quoted(task.name());
      if (targeted_.contains(task.name())) {
        findings_.error(code::kFlow, task, At::kKey, message + ": \"then\" cannot tell them apart",
                        "give it another name");
      } else {
        findings_.warning(code::kFlow, task, At::kKey, message + " in this list");
      }
    }
  }

  Findings& findings_;
  const AllNames& everywhere_;
  ListKind kind_ = ListKind::kSequence;
  std::set<std::string, std::less<>> targeted_;
};

}  // namespace

void check_flow(Findings& findings, const Node& root) {
  AllNames everywhere;
  walk_tasks(root, everywhere);
  FlowRules rules(findings, everywhere);
  walk_tasks(root, rules);
}

}  // namespace penstock::lint
