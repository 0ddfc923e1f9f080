#include "executor/run/run_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "executor/definition/definition.h"
#include "executor/flow/time.h"
#include "executor/json/parse.h"
#include "executor/link/outcome.h"
#include "executor/link/program_cache.h"
#include "executor/lint/lint.h"
#include "executor/lint/render.h"
#include "executor/run/local_run.h"
#include "executor/run/progress.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

struct Flags {
  std::string file, input, cacert;
  std::vector<std::string> resolve, with, egress, events, secrets, allow_run;
  bool trace = false, json = false, skip_waits = false;
};

int complain(const std::string& what) {
  std::fprintf(stderr, "penstock workflow run: %s\n", what.c_str());
  return kUsage;
}

Result<std::string> read_file(const std::string& path, size_t bytes_max) {
  std::string bytes;
  if (path == "-") {
    bytes.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Status::io("cannot read " + path);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (bytes.size() > bytes_max)
    return Status::invalid(path + " is larger than " + std::to_string(bytes_max) + " bytes");
  return bytes;
}

// JSON text, or @FILE with JSON or YAML in it.
Result<json::Value> read_value(const std::string& text) {
  if (text.empty()) return json::Value::object();
  if (!text.starts_with('@')) return json::parse(text);
  Result<std::string> bytes = read_file(text.substr(1), limits::body_bytes_ceiling);
  if (!bytes) return bytes.status();
  Result<json::Value> value = json::parse(*bytes);
  if (value) return value;
  Result<definition::Definition> yaml = definition::load(*bytes);
  return yaml ? Result<json::Value>(yaml->root) : value;
}

Result<flow::ProgramPtr> read_workflow(const std::string& path) {
  Result<std::string> source = read_file(path, limits::workflow_bytes_max);
  if (!source) return source.status();
  const lint::Report report = lint::lint(*source);
  if (!report.sound()) {
    return Status::invalid("this is no workflow that could run\n" +
                           lint::render_text(report, path, *source, lint::Colour::kOff));
  }
  Result<flow::ProgramPtr> program = compile_source(*source);
  if (program) return program;
  return Status::invalid(path + ": " + program.status().message());
}

// NAME=VALUE; a value that is a JSON object or array is one.
Status add_secret(const std::string& text, json::Value& secrets) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals == 0)
    return Status::invalid("--secret '" + text + "': write NAME=VALUE");
  const std::string value = text.substr(equals + 1);
  Result<json::Value> parsed = json::parse(value);
  const bool structured = parsed && (parsed->is_object() || parsed->is_array());
  secrets.set(text.substr(0, equals), structured ? *parsed : json::Value::string(value));
  return Status();
}

Status fill_options(const Flags& flags, LocalRunOptions& options) {
  // Whoever runs a file by hand could as well call curl: no address is refused unless they ask.
  options.http.egress = EgressRules::everything();
  if (!flags.egress.empty()) {
    Result<EgressRules> rules = EgressRules::parse(flags.egress);
    if (!rules) return rules.status();
    options.http.egress = *rules;
  }
  for (const std::string& item : flags.resolve) PENSTOCK_TRY(check_resolve(item));
  options.http.resolve = flags.resolve;
  options.http.cacert = flags.cacert;
  options.allow_run = flags.allow_run;
  for (const std::string& file : flags.with) {
    Result<flow::ProgramPtr> other = read_workflow(file);
    if (!other) return other.status();
    options.others[(*other)->name] = *other;
  }
  for (const std::string& text : flags.events) {
    Result<json::Value> event = read_value(text);
    if (!event) return Status::invalid("--event: " + event.status().message());
    options.events.push_back(*event);
  }
  for (const std::string& secret : flags.secrets) PENSTOCK_TRY(add_secret(secret, options.secrets));
  return Status();
}

json::Value task_value(const flow::Trace& trace) {
  const auto text = [](std::string_view view) { return json::Value::string(std::string(view)); };
  json::Value task = json::Value::object();
  task.set("name", text(trace.node->name));
  task.set("reference", text(trace.node->reference));
  task.set("status", text(task_status_word(trace.status)));
  task.set("started_at", text(flow::rfc3339(trace.started_ms)));
  if (trace.finished_ms) task.set("finished_at", text(flow::rfc3339(trace.finished_ms)));
  task.set("attempts", json::Value::integer(trace.attempts));
  return task;
}

json::Value result_value(const LocalResult& result) {
  json::Value object = json::Value::object();
  object.set("status", json::Value::string(result.succeeded ? "succeeded" : "failed"));
  object.set("output", result.output);
  object.set("error", result.succeeded ? json::Value() : result.error.value());
  json::Value tasks = json::Value::array();
  for (const flow::Trace& trace : result.tasks) {
    if (!trace.node->reference.empty()) tasks.push_back(task_value(trace));
  }
  object.set("tasks", std::move(tasks));
  return object;
}

int print(const LocalResult& result, const Flags& flags) {
  const bool to_stdout = flags.json || result.succeeded;
  std::string text = flags.json ? result_value(result).dump() : result.output.dump();
  if (!to_stdout) text = "error: " + result.error.value().dump();
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), to_stdout ? stdout : stderr);
  return result.succeeded ? kDone : kFailed;
}

int run_file(const Flags& flags) {
  Result<flow::ProgramPtr> program = read_workflow(flags.file);
  if (!program) return complain(program.status().message());
  Result<json::Value> input = read_value(flags.input);
  if (!input) return complain("--input: " + input.status().message());
  LocalRunOptions options;
  if (Status status = fill_options(flags, options); !status) return complain(status.message());
  const bool terminal = isatty(STDERR_FILENO) != 0;
  SystemClock clock;
  Progress progress({terminal || flags.trace, flags.trace, terminal}, clock);
  options.observer = &progress;
  options.skip_waits = flags.skip_waits;
  LocalRun run(*program, std::move(*input), std::move(options));
  return print(run.run(), flags);
}

}  // namespace

int run_command(int argc, char** argv) {
  Flags flags;
  CLI::App app("Runs a workflow here, without a server, and prints its output.",
               "penstock workflow run");
  app.add_option("FILE", flags.file, "the workflow, YAML or JSON; - reads stdin")->required();
  app.add_option("--input", flags.input,
                 "its input as JSON, or @FILE with JSON or YAML; default {}");
  app.add_option("--resolve", flags.resolve,
                 "connect to ADDR[:PORT] for HOST:PORT, as curl does: HOST:PORT:ADDR[:PORT]")
      ->allow_extra_args(false);
  app.add_option("--cacert", flags.cacert,
                 "PEM file with the authorities to trust instead of the system's");
  app.add_option("--allow-egress", flags.egress,
                 "refuse private addresses but these blocks (default: all may be called)")
      ->allow_extra_args(false);
  app.add_option("--allow-run", flags.allow_run,
                 "what it may start, sandboxed: shell, script, mcp; network: these may connect "
                 "anywhere")
      ->check(CLI::IsMember({"shell", "script", "mcp", "network"}))
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--with", flags.with, "a file with a workflow that this one runs")
      ->allow_extra_args(false);
  app.add_option("--event", flags.events,
                 "a CloudEvent (JSON or @FILE) that comes in when the workflow listens")
      ->allow_extra_args(false);
  app.add_option("--secret", flags.secrets, "NAME=VALUE for $secrets and authentications")
      ->allow_extra_args(false);
  app.add_flag("--skip-waits", flags.skip_waits,
               "let waits, delays and timeouts pass at once while nothing else is under way");
  app.add_flag("--trace", flags.trace,
               "show every task with its input, output and duration on stderr");
  app.add_flag("--json", flags.json,
               "print {status, output, error, tasks} instead of the output alone");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return run_file(flags);
}

}  // namespace penstock::executor
