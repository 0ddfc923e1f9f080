// penstock workflow …: definitions and their versions.
#include "gateway/cli/commands.h"
#include "gateway/cli/delegate.h"
#include "gateway/cli/input.h"
#include "gateway/cli/named.h"
#include "gateway/cli/table.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr NamedKind workflows{"workflow", "workflows"};

struct Options {
  std::vector<std::string> files;
  bool dry_run = false;
  std::string name;
};

void say_applied(const Console& console, const JsonView& answer, bool dry_run) {
  const std::string what = answer["name"].text() + "@" + answer["version"].text();
  const bool created = answer["created"].is_true();
  console.print(harmless(dry_run   ? answer["name"].text() + " is good; nothing was applied"
                         : created ? what + " applied"
                                   : what + " is there already, unchanged") +
                "\n");
  for (const JsonView& finding : answer["findings"].items()) {
    console.note(harmless("  " + finding["severity"].text() + " line " + finding["line"].text() +
                          ": " + finding["message"].text()));
  }
}

int apply_file(const Session& session, const ApiClient& api, const std::string& file,
               bool dry_run) {
  const Result<std::string> source = read_input(file, limits::workflow_bytes_max);
  if (!source) return session.fail(source.status());
  const std::string type = file.ends_with(".json") ? "application/json" : "application/yaml";
  const std::string path = dry_run ? "/v1/workflows?dry_run=1" : "/v1/workflows";
  const Result<ApiAnswer> answer = api.send("POST", path, *source, type);
  if (answer.ok() && answer->status >= 400) session.console.note(file + ":");
  return session.show(answer, [&session, dry_run](const JsonView& root) {
    say_applied(session.console, root, dry_run);
  });
}

/// All files are tried, so that one look shows all that is wrong.
int apply(const Session& session, const Options& options) {
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  int code = kExitDone;
  for (const std::string& file : options.files) {
    code = std::max(code, apply_file(session, *api, file, options.dry_run));
  }
  return code;
}

/// When a workflow starts next by itself, for people.
std::string start_of(const JsonView& schedule) {
  if (!schedule.is_object()) return "";
  if (schedule["next_at"].text().empty()) return schedule["on"].is_object() ? "by event" : "";
  return schedule["next_at"].text();
}

void print_list(const Console& console, const JsonView& root) {
  Table table({"NAME", "VERSION", "CREATED", "NEXT START", "TITLE"});
  for (const JsonView& w : root["workflows"].items()) {
    table.row({{w["name"].text(), Colour::kBold},
               w["version"].text(),
               w["created_at"].text(),
               start_of(w["schedule"]),
               w["title"].text()});
  }
  if (table.empty()) console.note("No workflows yet: `penstock workflow apply FILE` adds one.");
  if (!table.empty()) console.print(table.text(console));
}

/// The source goes to stdout as it was applied, so that it can be edited and applied again.
void print_source(const Console& console, const JsonView& root) {
  std::string versions;
  for (const JsonView& v : root["versions"].items()) {
    versions += " " + (v.is_object() ? v["version"].text() : v.text());
  }
  console.note(
      harmless(root["name"].text() + "@" + root["version"].text() + ", versions:" + versions));
  const std::string start = start_of(root["schedule"]);
  if (!start.empty()) console.note(harmless("starts by itself: " + start));
  const std::string source = root["source"].text();
  console.print(source + (source.ends_with('\n') ? "" : "\n"));
}

int show_workflow(const Session& session, const std::string& name_at_version) {
  const size_t at = name_at_version.find('@');
  const std::string tail =
      at == std::string::npos ? "" : "/versions/" + url_encoded(name_at_version.substr(at + 1));
  return on_named(session, workflows, name_at_version.substr(0, at), "GET", tail, {},
                  [&session](const JsonView& root) { print_source(session.console, root); });
}

void add_apply(Command& workflow, Session& session) {
  Command command =
      workflow.sub("apply", "send workflows to the server; a changed one gets a new version");
  const auto options = std::make_shared<Options>();
  command.arguments("FILE", options->files, "YAML or JSON; - for standard input");
  command.flag("--dry-run", options->dry_run, "check on the server, change nothing");
  session.add_flags(command);
  command.action([options, &session] { return apply(session, *options); });
  command.examples(
      {"penstock workflow apply hello.yaml", "penstock workflow apply flows/*.yaml --dry-run"});
}

void add_show_and_delete(Command& workflow, Session& session) {
  const auto options = std::make_shared<Options>();
  Command shown = workflow.sub("show", "a workflow's source");
  shown.argument("NAME", options->name, "NAME or NAME@VERSION");
  session.add_flags(shown);
  shown.action([options, &session] { return show_workflow(session, options->name); });

  Command removed = workflow.sub("delete", "remove a workflow; runs that began go on");
  removed.argument("NAME", options->name, "the workflow's name");
  session.add_flags(removed);
  removed.action([options, &session] {
    return on_named(session, workflows, options->name, "DELETE", "", {},
                    [&](const JsonView&) { session.console.print(options->name + " deleted\n"); });
  });
}

/// These are the executor's; main hands the line over before it is read here.
void add_delegated(Command& workflow, const Console& console) {
  static constexpr std::pair<const char*, const char*> commands[] = {
      {"lint", "check workflow files here, without a server"},
      {"new", "print a workflow to start from"},
      {"run", "run a workflow file here, without a server"}};
  for (const auto& [name, help] : commands) {
    Command command = workflow.sub(name, help);
    const std::string argument = std::string("workflow-") + name;
    command.action([argument, &console] { return delegate_to_executor(console, {argument}); });
  }
}

}  // namespace

void add_workflow_commands(Command& root, Session& session) {
  Command workflow = root.sub("workflow", "write, check, apply and look at workflows");
  add_delegated(workflow, session.console);
  add_apply(workflow, session);
  Command list = workflow.sub("list", "all workflows, newest version each");
  session.add_flags(list);
  list.action([&session] {
    return session.get("/v1/workflows",
                       [&](const JsonView& root_view) { print_list(session.console, root_view); });
  });
  add_show_and_delete(workflow, session);
}

void add_jq_command(Command& root, const Console& console) {
  Command command = root.sub("jq", "try an expression: penstock jq EXPR [--input FILE|-]");
  command.action([&console] { return delegate_to_executor(console, {"jq"}); });
}

}  // namespace penstock::gateway
