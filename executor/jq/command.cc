#include "executor/jq/command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "executor/jq/jq.h"
#include "executor/jq/sandbox/child.h"
#include "executor/jq/sandbox/sandbox.h"
#include "executor/json/parse.h"

namespace penstock::jq {
namespace {

struct Flags {
  std::string expression;
  std::string input;
  std::vector<std::string> variables;  ///< NAME=JSON
  bool json = false;
  bool quiet = false;
};

void declare(CLI::App& app, Flags& flags) {
  app.description("Tries a jq expression: one line of compact JSON per output.");
  app.set_version_flag("--version", PENSTOCK_VERSION);
  app.add_option("EXPR", flags.expression, "the expression, e.g. '.items | map(.price) | add'")
      ->required();
  app.add_option("--input", flags.input, "a file with one JSON text, '-' for stdin; without: null");
  app.add_option("--var", flags.variables, "NAME=JSON: what $NAME stands for (repeatable)");
  app.add_flag("--json", flags.json, "everything as one JSON object");
  app.add_flag("--quiet", flags.quiet, "do not say on stderr which tier ran it");
}

Result<std::string> read_all(const std::string& name) {
  if (name == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(name, std::ios::binary);
  if (!file) return Status::io("cannot read " + name + ": does it exist, and may you read it?");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<json::Value> read_input(const Flags& flags) {
  if (flags.input.empty()) return json::Value();
  const auto text = read_all(flags.input);
  if (!text) return text.status();
  return json::parse(*text);
}

struct Variables {
  std::vector<std::string> names;
  std::vector<json::Value> values;
};

Result<Variables> read_variables(const Flags& flags) {
  Variables made;
  for (const std::string& given : flags.variables) {
    const size_t equals = given.find('=');
    if (equals == given.npos || equals == 0) {
      return Status::invalid("--var " + given + ": NAME=JSON was expected");
    }
    const auto value = json::parse(std::string_view(given).substr(equals + 1));
    if (!value) return Status::invalid("--var " + given + ": " + value.status().message());
    made.names.push_back(given.substr(0, equals));
    made.values.push_back(*value);
  }
  return made;
}

int fail(const std::string& message) {
  std::fprintf(stderr, "penstock jq: %s\n", message.c_str());
  return 1;
}

void print_json(const Outcome& outcome, int tier) {
  json::Value report = json::Value::object();
  json::Value outputs = json::Value::array();
  for (const json::Value& output : outcome.outputs) outputs.push_back(output);
  report.set("outputs", std::move(outputs));
  report.set("error",
             outcome.error ? json::Value::string(outcome.error->message()) : json::Value());
  report.set("tier", json::Value::number(tier));
  report.set("steps", json::Value::integer(static_cast<int64_t>(outcome.steps)));
  std::printf("%s\n", report.dump().c_str());
}

int report(const Flags& flags, const Outcome& outcome, int tier) {
  if (flags.json) {
    print_json(outcome, tier);
  } else {
    for (const json::Value& output : outcome.outputs) std::printf("%s\n", output.dump().c_str());
  }
  if (!flags.quiet && tier == 1) {
    std::fprintf(stderr, "tier 1 (native), %llu steps\n",
                 static_cast<unsigned long long>(outcome.steps));
  } else if (!flags.quiet) {
    std::fprintf(stderr, "tier 2 (libjq in its sandbox): slow\n");
  }
  return outcome.error ? fail(outcome.error->message()) : 0;
}

int run_command(const Flags& flags) {
  const auto variables = read_variables(flags);
  if (!variables) return fail(variables.status().message());
  const auto program = compile(flags.expression, variables->names);
  if (!program) return fail(program.status().message());
  auto input = read_input(flags);
  if (!input) return fail(input.status().message());
  Runner runner;
  Sandbox sandbox;
  if (tier(**program) == 2) {
    if (const Status status = sandbox.start(); !status) return fail(status.message());
    runner.set_sandbox(&sandbox);
  }
  return report(flags, runner.run(**program, std::move(*input), variables->values),
                tier(**program));
}

}  // namespace

int sandbox_command(int, char**) {
  return sandbox_child();
}

int jq_command(int argc, char** argv) {
  CLI::App app;
  app.name("penstock jq");
  Flags flags;
  declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return run_command(flags);
}

}  // namespace penstock::jq
