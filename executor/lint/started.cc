#include "executor/lint/started.h"

#include <algorithm>

#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

class Started : public TaskVisitor {
 public:
  void task(const Node& task, const Scope*) override {
    const json::Value run = task.value().get("run"), call = task.value().get("call");
    if (run.find("shell")) add("shell");
    if (run.find("script")) add("script");
    const json::Value transport = task.value().get("with").get("transport");
    if (call.as_string() == "mcp" && transport.find("stdio")) add("mcp");
  }
  std::vector<std::string> take() { return std::move(words_); }

 private:
  void add(const char* word) {
    if (std::find(words_.begin(), words_.end(), word) == words_.end()) words_.emplace_back(word);
  }

  std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> started_by(const Node& root) {
  Started started;
  walk_tasks(root, started);
  return started.take();
}

}  // namespace penstock::lint
