#include "executor/flow/compiler.h"

namespace penstock::flow {

// Whether the word that an extension says is what the task is.
static bool is_kind(const json::Value& task, std::string_view word) {
  if (word == "all" || task.find(word)) return true;
  const bool composite = task.find("fork") || (task.find("do") && !task.find("for"));
  return word == "composite" && composite;
}

void Compiler::extensions() {
  const json::Value all = definition_.get("use").get("extensions");
  in_extension_ = true;
  for (size_t i = 0; i < all.size(); i++) {
    const json::Value item = all.at(i);
    const std::string place = "/use/extensions/" + std::to_string(i);
    if (!item.is_object() || item.size() != 1)
      return fail(place, "an extension is an object with one key, its name");
    const json::Member member = item.member(0);
    const std::string inner = place + pointer_step(member.key.as_string());
    auto made = std::make_shared<Extension>();
    made->extends = member.value.get("extend").as_string();
    made->when = expression(member.value.get("when"), inner + "/when");
    if (const auto tasks = member.value.find("before"))
      made->before = list(*tasks, inner + "/before");
    if (const auto tasks = member.value.find("after")) made->after = list(*tasks, inner + "/after");
    extensions_.push_back(std::move(made));
  }
  in_extension_ = false;
}

void Compiler::extend(Node& node) {
  if (in_extension_) return;
  for (const ExtensionPtr& one : extensions_) {
    if (is_kind(node.definition, one->extends)) node.extensions.push_back(one);
  }
}

}  // namespace penstock::flow
