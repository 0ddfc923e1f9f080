#include "tests/executor/scenario_player.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "executor/definition/definition.h"
#include "executor/json/parse.h"

namespace penstock::executor {
namespace {

namespace fs = std::filesystem;

json::Value yaml(const std::string& text) {
  // A definition is an object; a scalar or an array is read inside one.
  Result<definition::Definition> loaded = definition::load(text);
  if (loaded) return loaded->root;
  std::string indented = "v:\n";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) indented += "  " + line + "\n";
  loaded = definition::load(indented);
  REQUIRE_MESSAGE(loaded.ok(), text);
  return loaded->root.get("v");
}

std::vector<std::string> quoted(const std::string& text) {
  std::vector<std::string> words;
  for (size_t open = text.find('\''); open != text.npos;) {
    const size_t close = text.find('\'', open + 1);
    words.push_back(text.substr(open + 1, close - open - 1));
    open = text.find('\'', close + 1);
  }
  return words;
}

fs::path program() {
  char self[PATH_MAX] = "";
  if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) return "penstock-executor";
  return fs::path(self).parent_path() / "penstock-executor";
}

}  // namespace

std::string read_all(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Player::Player(std::string flags)
    : flags_(std::move(flags)),
      folder_(fs::temp_directory_path() / ("penstock-scenarios-" + std::to_string(getpid()))) {
  fs::create_directories(folder_);
  stub_.emplace(std::vector<std::string>{"petstore.swagger.io", "httpbin.org"},
                (folder_ / "ca.pem").string(),
                [this](const TlsStub::Request& request) { return services_.answer(request); });
}

Player::~Player() {
  stub_.reset();
  fs::remove_all(folder_);
}

void Player::write(const std::string& name, const std::string& text) {
  std::ofstream(folder_ / name) << text;
}

std::optional<std::string> Player::play(const Scenario& scenario) {
  more_.clear();
  for (const Step& step : scenario.steps) {
    if (given(step) || holds(step)) continue;
    return step.text + "\n" + read_all(folder_ / "out") + read_all(folder_ / "err");
  }
  return std::nullopt;
}

bool Player::given(const Step& step) {
  const auto flag = [this, &step](const std::string& name, const std::string& prefix) {
    const std::string file = std::to_string(++files_) + ".yaml";
    write(file, step.document);
    more_ += " " + name + " " + prefix + (folder_ / file).string();
    return true;
  };
  if (step.text == "a workflow with definition:")
    return write("workflow.yaml", step.document), true;
  if (step.text == "given the workflow input is:") return flag("--input", "@");
  if (step.text == "given the event:") return flag("--event", "@");
  if (step.text == "given another workflow with definition:") return flag("--with", "");
  if (!step.text.starts_with("given the secret")) return false;
  more_ += " --secret '" + quoted(step.text).front() + "=" +
           (yaml(step.document).is_string() ? std::string(yaml(step.document).as_string())
                                            : yaml(step.document).dump()) +
           "'";
  return true;
}

bool Player::run() {
  const std::string port = std::to_string(stub_->port()), in = folder_.string() + "/";
  std::string command = "'" + program().string() + "' workflow-run " + in +
                        "workflow.yaml --json --cacert " + in + "ca.pem " + flags_ + more_;
  for (const char* host : {"petstore.swagger.io", "httpbin.org"}) {
    command += " --resolve " + std::string(host) + ":443:127.0.0.1:" + port;
  }
  command += " >" + in + "out 2>" + in + "err";
  const int status = std::system(command.c_str());
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (exit_code_ == 2) return true;  // refused; only the step that says so holds then
  Result<json::Value> parsed = json::parse(read_all(folder_ / "out"));
  if (exit_code_ < 0 || exit_code_ > 1 || !parsed) return false;
  result_ = *parsed;
  return (exit_code_ == 0) == succeeded();
}

json::Value Player::at(const std::string& path) const {
  json::Value found = result_.get("output");
  std::istringstream steps(path);
  for (std::string step; std::getline(steps, step, '.');) found = found.get(step);
  return found;
}

// The place of a task's first beginning in the timeline; the number of tasks when it never ran.
size_t Player::place(const std::string& name) const {
  const json::Value tasks = result_.get("tasks");
  size_t i = 0;
  while (i < tasks.size() && tasks.at(i).get("name").as_string() != name) i++;
  return i;
}

bool Player::said(const std::string& text) const {
  return (read_all(folder_ / "err") + read_all(folder_ / "out")).find(text) != std::string::npos;
}

bool Player::holds(const Step& step) {
  const std::string& text = step.text;
  if (text == "the workflow is executed") return run();
  if (text.starts_with("the workflow should be refused with"))
    return exit_code_ == 2 && said(quoted(text).front());
  if (exit_code_ == 2) return false;
  if (text == "the workflow should complete") return succeeded();
  if (text == "the workflow should complete with output:")
    return succeeded() && result_.get("output") == yaml(step.document);
  if (text == "the workflow should fault") return !succeeded();
  if (text == "the workflow should fault with error:")
    return !succeeded() && result_.get("error") == yaml(step.document);
  if (text.starts_with("the workflow output should have properties")) {
    const std::vector<std::string> paths = quoted(text);
    return !paths.empty() && std::all_of(paths.begin(), paths.end(),
                                         [this](const auto& path) { return !at(path).is_null(); });
  }
  if (text.ends_with("property with value:"))
    return at(quoted(text).front()) == yaml(step.document);
  if (text.find("property containing") != text.npos) {
    const json::Value list = at(quoted(text).front());
    return list.is_array() && list.size() == std::stoul(text.substr(text.find("containing ") + 11));
  }
  return order_holds(text);
}

bool Player::order_holds(const std::string& text) const {
  const std::string name = text.substr(0, text.find(' '));
  const size_t count = result_.get("tasks").size();
  if (place(name) == count) return false;
  if (text.ends_with("should run first")) return place(name) == 0;
  if (text.ends_with("should run last")) return place(name) + 1 == count;
  const size_t other = place(text.substr(text.rfind(' ') + 1));
  if (text.find("should run after") != text.npos) return other < place(name);
  if (text.find("should run before") != text.npos) return other != count && place(name) < other;
  return false;  // a step that is not known here must not pass
}

}  // namespace penstock::executor
