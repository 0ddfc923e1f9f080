// penstock run …: how far a run is, its result, its end.
#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/table.h"

namespace penstock::gateway {

namespace {

struct Options {
  std::string id, wait;
};

/// "?wait=N" for the server, in whole seconds rounded up.
Result<std::string> wait_query(const std::string& wait, uint64_t& wait_ms) {
  wait_ms = 0;
  if (wait.empty()) return std::string();
  const Result<uint64_t> ms = read_wait(wait);
  if (!ms) return ms.status();
  wait_ms = *ms;
  return "?wait=" + std::to_string((*ms + 999) / 1000);
}

void print_run(const Console& console, const JsonView& run) {
  Table table({});
  for (const auto& [name, value] : run.members()) {
    if (name == "links" || !value.exists() || value.text().empty()) continue;
    const Colour colour = name == "status" ? status_colour(value.text()) : Colour::kNone;
    table.row({{name, Colour::kDim}, {value.text(), colour}});
  }
  console.print(table.text(console));
}

int show_run(const Session& session, const Options& options) {
  uint64_t wait_ms = 0;
  const Result<std::string> query = wait_query(options.wait, wait_ms);
  if (!query) return session.usage("--wait: " + query.status().message());
  return session.get(
      "/v1/runs/" + url_encoded(options.id) + *query,
      [&session](const JsonView& root) { print_run(session.console, root); }, wait_ms);
}

/// The reply's bytes go to stdout untouched, whatever their type.
int result(const Session& session, const Options& options) {
  uint64_t wait_ms = 0;
  const Result<std::string> query = wait_query(options.wait, wait_ms);
  if (!query) return session.usage("--wait: " + query.status().message());
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const Result<ApiAnswer> answer =
      api->get("/v1/runs/" + url_encoded(options.id) + "/result" + *query, wait_ms);
  if (!answer) return session.fail(answer.status());
  const bool problem = answer->content_type.starts_with("application/problem+json");
  if (answer->status == 202) {
    session.console.fail("the run has not ended yet: --wait 30s waits for it");
    return kExitFailed;
  }
  if (problem || answer->status == 401 || answer->status == 404) {
    explain_problem(session.console, *answer);
    return kExitFailed;
  }
  const bool line = session.console.colours_out() && !answer->body.ends_with('\n');
  return session.console.print(answer->body + (line ? "\n" : "")) ? kExitDone : kExitFailed;
}

int cancel(const Session& session, const Options& options) {
  return session.send("POST", "/v1/runs/" + url_encoded(options.id) + "/cancel", "{}",
                      [&](const JsonView& root) {
                        const std::string status = harmless(root["status"].text());
                        session.console.print(options.id + ": " +
                                              (status.empty() ? "cancel asked" : status) + "\n");
                      });
}

using Action = int (*)(const Session&, const Options&);

void add(Command& run, Session& session, const std::string& name, const std::string& help,
         Action action, bool waits) {
  Command command = run.sub(name, help);
  const auto options = std::make_shared<Options>();
  command.argument("ID", options->id, "the run's id, which is its event's id");
  if (waits)
    command.option("--wait", options->wait, "TIME", "wait so long for its end, such as 30s");
  session.add_flags(command);
  command.action([options, action, &session] { return action(session, *options); });
}

}  // namespace

void add_run_commands(Command& root, Session& session) {
  Command run = root.sub("run", "follow, fetch and cancel runs");
  add(run, session, "show", "how far a run is", show_run, true);
  add(run, session, "result", "a run's reply, byte for byte", result, true);
  add(run, session, "cancel", "end a run; harmless when it has ended", cancel, false);
  run.examples(
      {"penstock run show ID --wait 30s", "penstock run result ID --wait 30s > reply.json"});
}

}  // namespace penstock::gateway
