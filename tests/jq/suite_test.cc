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

/// Cases that need not come out as the suite says, and why.
struct Excused {
  size_t line;
  const char* reason;
};
constexpr Excused excused[] = {
    {1007, "its input has Infinity and NaN, which are no JSON: 1.6 reads them, no sender may"}};

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

const char* excuse_for(const Case& one) {
  for (const Excused& entry : excused)
    if (entry.line == one.line) return entry.reason;
  return nullptr;
}

bool needs_libjq(const Case& one) {
  const auto program = compile(one.program);
  return program && tier(**program) == 2;
}

double percent(size_t part, size_t whole) {
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

TEST_CASE("jq's own suite comes out right, but for modules") {
  std::ifstream file(suite_file);
  if (!file) {
    MESSAGE("the suite is not beside the project: ", suite_file);
    return;
  }
  size_t right = 0, right_on_tier_1 = 0, wrong = 0, excuses = 0, modules = 0;
  for (const Case& one : read_suite(file)) {
    if (about_modules(one)) {
      modules++;
      continue;
    }
    const std::string fault = judge(one);
    if (fault.empty()) {
      right++;
      right_on_tier_1 += !needs_libjq(one);
      continue;
    }
    wrong++;
    excuses += excuse_for(one) != nullptr;
    MESSAGE("line ", one.line, ": ", one.program, " <- ", one.input, ": ", fault);
  }
  const size_t all = right + wrong;
  MESSAGE(all, " cases, ", modules, " about modules apart: ", percent(right_on_tier_1, all),
          " % right on tier 1, ", percent(right + excuses, all), " % with tier 2 and excuses");
  CHECK(all >= 300);
  CHECK(percent(right_on_tier_1, all) >= 95.0);
  CHECK(right + excuses == all);
  CHECK(excuses == std::size(excused));
}

}  // namespace
}  // namespace penstock::jq
