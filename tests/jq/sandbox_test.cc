#include "executor/jq/sandbox/sandbox.h"

#include <csignal>
#include <string>

#include "executor/jq/sandbox/child.h"
#include "executor/jq/sandbox/confine.h"
#include "fixture.h"

namespace penstock::jq {
namespace {

// The test program is its own child: see sandbox_main.cc.
SandboxOptions here(int timeout_ms = 10'000) {
  SandboxOptions options;
  options.timeout_ms = timeout_ms;
  return options;
}

std::string ask(Sandbox& sandbox, std::string_view program, std::string_view input = "null") {
  const auto compiled = compile(program);
  REQUIRE_MESSAGE(compiled.ok(), std::string(program));
  REQUIRE(tier(**compiled) == 2);
  Runner runner;
  runner.set_sandbox(&sandbox);
  const Outcome outcome = runner.run(**compiled, *json::parse(input));
  std::string text;
  for (const json::Value& output : outcome.outputs) text += output.dump() + " ";
  return outcome.error ? text + "error: " + outcome.error->message() : text;
}

TEST_CASE("expressions that RE2 refuses run on libjq") {
  Sandbox sandbox(here());
  REQUIRE(sandbox.start().ok());
  CHECK(ask(sandbox, "[match(\"foo(?=bar)\").string]", "\"foobar\"") == "[\"foo\"] ");
  CHECK(ask(sandbox, "test(\"(a)\\\\1\"), error(\"x\")", "\"aa\"") == "true error: x");
  const std::string names[] = {"v"};
  const auto program = compile("test(\"(?=a)\") | $v", names);
  REQUIRE(program.ok());
  Runner runner;
  runner.set_sandbox(&sandbox);
  const json::Value values[] = {json::Value::number(7)};
  CHECK(runner.first(**program, json::Value::string("a"), values)->dump() == "7");
}

TEST_CASE("what is known here never leaves") {
  for (const char* program : {".a", "test(\"a+\")", "gsub(\"(?<x>a)\"; .x)", "split(\"(?=\")"})
    CHECK(tier(**compile(program)) == 1);
}

TEST_CASE("without a sandbox such an expression fails and says so") {
  CHECK(outputs("test(\"(?=a)\")", "\"a\"").find("sandbox") != std::string::npos);
}

TEST_CASE("the sandbox has no environment, no files and no modules") {
  Sandbox sandbox(here());
  REQUIRE(sandbox.start().ok());
  CHECK(ask(sandbox, "test(\"(?=a)\") | env, $ENV", "\"a\"") == "{} {} ");
  CHECK_FALSE(compile("import \"a\" as a; test(\"(?=a)\")").ok());
}

TEST_CASE("a run that takes too long or too much is ended, and the next one works") {
  Sandbox sandbox(here(1500));
  REQUIRE(sandbox.start().ok());
  CHECK(ask(sandbox, "test(\"(?=a)\") | def f: f; f", "\"a\"").find("1500 ms") !=
        std::string::npos);
  const std::string large = ask(sandbox, "test(\"(?=a)\") | [range(1e9)] | length", "\"a\"");
  CHECK(large.find("error") != std::string::npos);
  Sandbox patient(here());
  REQUIRE(patient.start().ok());
  CHECK(ask(patient, "test(\"(?=a)\") | \"a\" * 1e9", "\"a\"").find("error") != std::string::npos);
  CHECK(ask(patient, "test(\"(?=a)\")", "\"a\"") == "true ");
}

}  // namespace
}  // namespace penstock::jq
