// jq 1.6's own suite, read from beside the project: programs, inputs and what must come out.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "executor/jq/jq.h"
#include "executor/json/parse.h"

namespace penstock::jq {
namespace {

constexpr const char* suite_file = "../shared/jq/jq-1.6.test";

struct Case {
  std::string program, input;
  std::vector<std::string> outputs;
  size_t line = 0;
  bool must_fail = false;
};

bool skipped(const std::string& line) {
  return line.empty() || line[0] == '#';
}

std::vector<Case> read_suite(std::istream& in) {
  std::vector<Case> cases;
  std::string line;
  size_t number = 0;
  bool must_fail = false;
  while (std::getline(in, line)) {
    number++;
    if (skipped(line)) continue;
    if (line.starts_with("%%FAIL")) {
      must_fail = true;
      continue;
    }
    Case one;
    one.program = line;
    one.line = number;
    one.must_fail = std::exchange(must_fail, false);
    if (!one.must_fail && std::getline(in, one.input)) number++;
    while (std::getline(in, line) && !line.empty()) {
      number++;
      if (line[0] != '#') one.outputs.push_back(line);
    }
    number++;
    cases.push_back(std::move(one));
  }
  return cases;
}

bool about_modules(const Case& one) {
  for (const char* word : {"import", "include", "module", "::"})
    if (one.program.find(word) != std::string::npos && one.program[0] != '{') return true;
  return false;
}

// Empty: as it should be.
std::string judge(const Case& one) {
  const auto program = compile(one.program);
  if (one.must_fail) return program ? "compiled, but must not" : "";
  if (!program) return program.status().message();
  const auto input = json::parse(one.input);
  if (!input) return "input: " + input.status().message();
  const Outcome outcome = run(**program, *input);
  std::string got;
  bool same = outcome.outputs.size() == one.outputs.size();
  for (size_t i = 0; i < outcome.outputs.size(); i++) {
    got += outcome.outputs[i].dump() + " ";
    if (!same) continue;
    const auto wanted = json::parse(one.outputs[i]);
    same = wanted && outcome.outputs[i] == *wanted;
  }
  if (outcome.error) got += "error: " + outcome.error->message();
  return same ? "" : "got " + got;
}

TEST_CASE("jq's own suite comes out right, but for modules") {
  std::ifstream file(suite_file);
  if (!file) {
    MESSAGE("the suite is not beside the project: ", suite_file);
    return;
  }
  size_t right = 0, wrong = 0, modules = 0;
  for (const Case& one : read_suite(file)) {
    if (about_modules(one)) {
      modules++;
      continue;
    }
    const std::string fault = judge(one);
    if (fault.empty()) {
      right++;
      continue;
    }
    wrong++;
    MESSAGE("line ", one.line, ": ", one.program, " <- ", one.input, ": ", fault);
  }
  MESSAGE("right: ", right, " of ", right + wrong, "; about modules: ", modules);
  CHECK(right >= 300);
  CHECK(static_cast<double>(right) >= 0.95 * static_cast<double>(right + wrong));
}

}  // namespace
}  // namespace penstock::jq
