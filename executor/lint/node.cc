#include "executor/lint/node.h"

#include "executor/definition/source_map.h"

namespace penstock::lint {

std::string_view Node::name() const {
  const Node* at = this;
  while (at->item_ && at->parent_) at = at->parent_;
  return at->parent_ ? at->key_ : std::string_view("the definition");
}

std::string Node::pointer() const {
  if (!parent_) return {};
  const std::string before = parent_->pointer();
  return item_ ? definition::child_pointer(before, index_)
               : definition::child_pointer(before, key_);
}

}  // namespace penstock::lint
