#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

std::string_view text_or(const Node& parent, std::string_view key, std::string_view otherwise) {
  const std::string_view text = text_of(parent, key);
  return text.empty() ? otherwise : text;
}

class Walk {
 public:
  explicit Walk(TaskVisitor& visitor) : visitor_(visitor) {}

  void list_at(const Node& parent, std::string_view key, const Scope* scope,
               ListKind kind = ListKind::kSequence) {
    if (const auto list = child(parent, key); list && list->value().is_array()) {
      visitor_.list(*list, kind);
      for (const Node& item : children(*list)) named(item, scope);
    }
  }
  void task(const Node& node, const Scope* scope) {
    if (!node.value().is_object()) return;
    visitor_.task(node, scope);
    loop(node, scope);
    events(node, scope);
    if (const auto fork = child(node, "fork")) {
      list_at(*fork, "branches", scope, ListKind::kBranches);
    }
    list_at(node, "try", scope);
    if (const auto caught = child(node, "catch")) {
      const Scope inner{scope, caught_name(*caught)};
      list_at(*caught, "do", &inner);
    }
  }
  // A list item: `- name: { … }`.
  void named(const Node& item, const Scope* scope) {
    if (!item.value().is_object() || item.value().size() != 1) return;
    for (const Node& node : children(item)) task(node, scope);
  }

 private:
  // `do`, with the loop's variables where there is one.
  void loop(const Node& node, const Scope* scope) {
    const auto loop = child(node, "for");
    if (!loop) return list_at(node, "do", scope);
    const LoopNames names = loop_names(*loop, "each");
    const Scope item{scope, names.item}, index{&item, names.index};
    list_at(node, "do", &index);
  }
  void events(const Node& node, const Scope* scope) {
    const auto each = child(node, "foreach");
    if (!each) return;
    const LoopNames names = loop_names(*each, "item");
    const Scope item{scope, names.item}, index{&item, names.index};
    list_at(*each, "do", &index);
  }

  TaskVisitor& visitor_;
};

void walk_extension(const Node& item, Walk& walk) {
  for (const Node& extension : children(item)) {
    walk.list_at(extension, "before", nullptr);
    walk.list_at(extension, "after", nullptr);
  }
}

void walk_use(const Node& use, Walk& walk) {
  if (const auto functions = child(use, "functions"); functions && functions->value().is_object()) {
    for (const Node& function : children(*functions)) walk.task(function, nullptr);
  }
  if (const auto extensions = child(use, "extensions")) {
    for (const Node& item : children(*extensions)) walk_extension(item, walk);
  }
}

}  // namespace

std::vector<std::string> variables_of(const Scope* scope) {
  std::vector<std::string> names{"context",  "input",   "output",  "task",
                                 "workflow", "runtime", "secrets", "authorization"};
  for (; scope; scope = scope->outer) names.emplace_back(scope->name);
  return names;
}

std::optional<Node> child(const Node& parent, std::string_view key) {
  const auto value = parent.value().find(key);
  return value ? std::optional<Node>(std::in_place, parent, key, *value) : std::nullopt;
}

std::string_view text_of(const Node& parent, std::string_view key) {
  return parent.value().get(key).as_string();
}

std::vector<Node> children(const Node& parent) {
  std::vector<Node> nodes;
  const json::Value& value = parent.value();
  nodes.reserve(value.size());
  for (size_t i = 0; value.is_array() && i < value.size(); i++) {
    nodes.emplace_back(parent, i, value.at(i));
  }
  for (size_t i = 0; value.is_object() && i < value.size(); i++) {
    const json::Member member = value.member(i);
    nodes.emplace_back(parent, member.key.as_string(), member.value);
  }
  return nodes;
}

LoopNames loop_names(const Node& loop, std::string_view item_key) {
  return {text_or(loop, item_key, "item"), text_or(loop, "at", "index")};
}

std::string_view caught_name(const Node& caught) {
  return text_or(caught, "as", "error");
}

void walk_tasks(const Node& root, TaskVisitor& visitor) {
  Walk walk(visitor);
  walk.list_at(root, "do", nullptr);
  if (const auto use = child(root, "use")) walk_use(*use, walk);
}

}  // namespace penstock::lint
