// Goes through every task of a definition, wherever it is nested, and knows which variables its
// expressions see. What is malformed is passed over: rules.h has told of it.
// No state; the visitor is called on the caller's thread. Recursion is bounded by the loader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/lint/node.h"

namespace penstock::lint {

/// A variable that expressions see, in front of those of `outer`. Lives on the stack of the walk.
struct Scope {
  const Scope* outer = nullptr;
  std::string_view name;
};

/// The names in a scope and those that are always there, without the '$'.
std::vector<std::string> variables_of(const Scope* scope);

enum class ListKind : uint8_t { kSequence, kBranches };

class TaskVisitor {
 public:
  virtual ~TaskVisitor() = default;
  /// A list of tasks, before those in it.
  virtual void list(const Node&, ListKind) {}
  /// A task; an object for certain.
  virtual void task(const Node&, const Scope*) {}
};

/// Visits the tasks of `do`, and those in use.functions and use.extensions.
void walk_tasks(const Node& root, TaskVisitor& visitor);

/// The member as a node, where there is one. `parent` must outlive it.
std::optional<Node> child(const Node& parent, std::string_view key);
/// The member's text, "" where there is none. The view lives as long as the definition.
std::string_view text_of(const Node& parent, std::string_view key);
/// The members of an object, the items of an array; none of anything else.
std::vector<Node> children(const Node& parent);

/// What a task's own variables are called: those that its loop, its events or its caught error
/// bring in, and how they are scoped below it.
struct LoopNames {
  std::string_view item, index;
};
LoopNames loop_names(const Node& loop, std::string_view item_key);
std::string_view caught_name(const Node& caught);

}  // namespace penstock::lint
