// The Open Workflow conformance kit, unmodified: every scenario through the real program, against a
// stub of the two public services that the kit calls.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "executor/definition/definition.h"
#include "executor/json/parse.h"
#include "tests/executor/ctk_feature.h"
#include "tests/executor/ctk_tls_server.h"

namespace penstock::executor {
namespace {

namespace fs = std::filesystem;

constexpr int kScenarios = 21;

std::string read_all(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path kit() {
  const char* elsewhere = std::getenv("PENSTOCK_OWS");
  return fs::path(elsewhere ? elsewhere : "../shared/ows") / "ctk/features";
}

std::string pet(const std::string& id) {
  return R"({"id":)" + id + R"(,"name":"Milou","status":"available","photoUrls":[]})";
}

const char* const kSwagger = R"({
  "swagger": "2.0", "host": "petstore.swagger.io", "basePath": "/v2", "schemes": ["https", "http"],
  "paths": {
    "/pet/findByStatus": {"get": {"operationId": "findPetsByStatus", "parameters": [
      {"name": "status", "in": "query", "required": true, "type": "array", "collectionFormat": "multi"}]}},
    "/pet/{petId}": {"get": {"operationId": "getPetById", "parameters": [
      {"name": "petId", "in": "path", "required": true, "type": "integer"}]}}}})";

TlsStub::Answer answer(const TlsStub::Request& request) {
  const std::string& path = request.path;
  if (path == "/v2/swagger.json") return {200, kSwagger};
  if (path == "/v2/pet/findByStatus?status=available")
    return {200, "[" + pet("1") + "," + pet("2") + "]"};
  if (path.starts_with("/basic-auth/")) {
    const bool known =
        request.head.find(
            "Authorization: Basic c2VydmVybGVzcy13b3JrZmxvdzpjb25mb3JtYW5jZS10ZXN0") !=
        std::string::npos;
    return {known ? 200 : 401, R"({"authenticated":true})"};
  }
  const std::string id = path.starts_with("/v2/pet/") ? path.substr(8) : "";
  const bool number = !id.empty() && id.find_first_not_of("0123456789") == id.npos;
  return number ? TlsStub::Answer{200, pet(id)}
                : TlsStub::Answer{404, R"({"message":"no such pet"})"};
}

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

// Each scenario's world: files, the program's result, and what the steps say of it.
class Player {
 public:
  Player() : folder_(fs::temp_directory_path() / ("penstock-ctk-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    stub_.emplace(std::vector<std::string>{"petstore.swagger.io", "httpbin.org"},
                  (folder_ / "ca.pem").string(), &answer);
  }
  ~Player() { fs::remove_all(folder_); }

  // The first step that does not hold, or nothing.
  std::optional<std::string> play(const Scenario& scenario) {
    fs::remove(folder_ / "input.yaml");
    for (const Step& step : scenario.steps) {
      if (!holds(step))
        return step.text + "\n" + read_all(folder_ / "out") + read_all(folder_ / "err");
    }
    return std::nullopt;
  }

 private:
  void write(const char* name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  bool run() {
    char self[PATH_MAX] = "";
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) return false;
    const std::string program = (fs::path(self).parent_path() / "penstock-executor").string();
    const std::string port = std::to_string(stub_->port()), in = folder_.string() + "/";
    std::string command =
        "'" + program + "' workflow-run " + in + "workflow.yaml --json --cacert " + in + "ca.pem";
    for (const char* host : {"petstore.swagger.io", "httpbin.org"}) {
      command += " --resolve " + std::string(host) + ":443:127.0.0.1:" + port;
    }
    if (fs::exists(folder_ / "input.yaml")) command += " --input @" + in + "input.yaml";
    command += " >" + in + "out 2>" + in + "err";
    const int status = std::system(command.c_str());
    Result<json::Value> parsed = json::parse(read_all(folder_ / "out"));
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1 || !parsed) return false;
    result_ = *parsed;
    return (WEXITSTATUS(status) == 0) == succeeded();
  }
  bool succeeded() const { return result_.get("status").as_string() == "succeeded"; }
  json::Value at(const std::string& path) const {
    json::Value found = result_.get("output");
    std::istringstream steps(path);
    for (std::string step; std::getline(steps, step, '.');) found = found.get(step);
    return found;
  }
  // The place of a task's first beginning in the timeline; the number of tasks when it never ran.
  size_t place(const std::string& name) const {
    const json::Value tasks = result_.get("tasks");
    size_t i = 0;
    while (i < tasks.size() && tasks.at(i).get("name").as_string() != name) i++;
    return i;
  }

  static std::vector<std::string> quoted(const std::string& text) {
    std::vector<std::string> words;
    for (size_t open = text.find('\''); open != text.npos;) {
      const size_t close = text.find('\'', open + 1);
      words.push_back(text.substr(open + 1, close - open - 1));
      open = text.find('\'', close + 1);
    }
    return words;
  }

  bool holds(const Step& step) {
    const std::string& text = step.text;
    if (text == "a workflow with definition:") return write("workflow.yaml", step.document), true;
    if (text == "given the workflow input is:") return write("input.yaml", step.document), true;
    if (text == "the workflow is executed") return run();
    if (text == "the workflow should complete") return succeeded();
    if (text == "the workflow should complete with output:")
      return succeeded() && result_.get("output") == yaml(step.document);
    if (text == "the workflow should fault") return !succeeded();
    if (text == "the workflow should fault with error:")
      return !succeeded() && result_.get("error") == yaml(step.document);
    if (text.starts_with("the workflow output should have properties")) {
      const std::vector<std::string> paths = quoted(text);
      return !paths.empty() && std::all_of(paths.begin(), paths.end(), [this](const auto& path) {
        return !at(path).is_null();
      });
    }
    if (text.ends_with("property with value:"))
      return at(quoted(text).front()) == yaml(step.document);
    if (text.find("property containing") != text.npos) {
      const json::Value list = at(quoted(text).front());
      return list.is_array() &&
             list.size() == std::stoul(text.substr(text.find("containing ") + 11));
    }
    return order_holds(text);
  }

  bool order_holds(const std::string& text) {
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

  fs::path folder_;
  std::optional<TlsStub> stub_;
  json::Value result_;
};

TEST_CASE("the conformance kit passes, every scenario of it") {
  if (!fs::exists(kit())) {
    MESSAGE("the kit is not here; set PENSTOCK_OWS to the folder that has ctk/features");
    return;
  }
  Player player;
  int passed = 0;
  std::vector<fs::path> features;
  for (const auto& entry : fs::directory_iterator(kit())) features.push_back(entry.path());
  std::sort(features.begin(), features.end());
  for (const fs::path& feature : features) {
    for (const Scenario& scenario : read_feature(read_all(feature))) {
      const std::optional<std::string> failure = player.play(scenario);
      CHECK_MESSAGE(!failure, feature.filename().string(), ": ", scenario.name, ": ",
                    failure.value_or(""));
      passed += !failure;
    }
  }
  CHECK(passed == kScenarios);
}

}  // namespace
}  // namespace penstock::executor
