// penstock trigger test: a workflow tried on a sample, draft or not, active or not.
#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/raw_json.h"
#include "gateway/cli/table.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

struct TestForm {
  std::string name, sample, body, workflow, file, wait = "30s";
};

Status write(const TestForm& form, JsonObject& body) {
  if (!form.sample.empty()) body.text("sample", form.sample);
  if (!form.body.empty()) {
    std::string text = form.body;
    if (text.starts_with('@') || text == "-") {
      Result<std::string> read =
          read_input(text == "-" ? text : text.substr(1), limits::body_bytes_max);
      if (!read) return read.status();
      text = *std::move(read);
    }
    if (!JsonDocument::parse(text)) return Status::invalid("--body: this is not JSON");
    body.raw("body", text);
  }
  if (!form.workflow.empty()) body.text("workflow", form.workflow);
  if (form.file.empty()) return {};
  const Result<std::string> source = read_input(form.file, limits::workflow_bytes_max);
  if (!source) return source.status();
  body.text("source", *source);
  return {};
}

void print_tasks(const Console& console, const JsonView& tasks) {
  Table table({"TASK", "STATUS", "ATTEMPTS", "FROM", "TO"});
  for (const JsonView& t : tasks.items()) {
    const std::string status = t["status"].text();
    table.row({t["reference"].text(),
               {status, status_colour(status)},
               t["attempts"].text(),
               t["started_at"].text(),
               t["finished_at"].text()});
  }
  if (!table.empty()) console.print("\n" + table.text(console));
}

/// Follows the run to its end: its input, its reply, its tasks.
int follow(const Session& session, const ApiClient& api, const std::string& id, uint64_t wait_ms) {
  const std::string seconds = std::to_string((wait_ms + 999) / 1000);
  const Result<ApiAnswer> result = api.get("/v1/runs/" + id + "/result?wait=" + seconds, wait_ms);
  if (!result) return session.fail(result.status());
  const Result<ApiAnswer> event = api.get("/v1/events/" + id);
  if (session.json) return session.show(event, [](const JsonView&) {});
  const std::optional<JsonDocument> shown = session.document(event);
  if (!shown) return kExitFailed;
  const JsonView run = shown->root();
  const std::string status = run["status"].text();
  const Console& console = session.console;
  console.print("run      " + id + "\nstatus   " + console.paint(status_colour(status), status) +
                "\n");
  const std::string_view input = raw_member(event->body, "variables");
  if (!input.empty()) console.print("input    " + harmless(input) + "\n");
  if (result->status == 202)
    console.note("It has not ended within --wait; it goes on.");
  else if (result->status < 300)
    console.print("reply    " + harmless(result->body, true) + "\n");
  else
    console.print("error    " + harmless(run["error"]["detail"].text()) + "\n");
  print_tasks(console, run["tasks"]);
  return status == "succeeded" ? kExitDone : kExitFailed;
}

int test(const Session& session, const TestForm& form) {
  JsonObject body;
  if (const Status wrong = write(form, body); !wrong.ok()) return session.usage(wrong.message());
  const Result<uint64_t> wait_ms = read_wait(form.wait);
  if (!wait_ms) return session.usage("--wait: " + wait_ms.status().message());
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const std::optional<JsonDocument> begun = session.document(
      api->send("POST", "/v1/triggers/" + url_encoded(form.name) + "/test", body.str()));
  if (!begun) return kExitFailed;
  if (begun->root()["status"].text() == "filtered") {
    session.console.print("The trigger's filter passes this event over: no run.\n");
    return kExitDone;
  }
  return follow(session, *api, begun->root()["id"].text(), *wait_ms);
}

}  // namespace

void add_trigger_test(Command& trigger, Session& session) {
  Command command = trigger.sub("test", "run a workflow on a sample, also before it is active");
  const auto form = std::make_shared<TestForm>();
  command.argument("NAME", form->name, "the trigger's name");
  command.option("--sample", form->sample, "ID", "an event of the trigger [the newest sample]");
  command.option("--body", form->body, "JSON|@FILE", "a body instead of a sample; - for stdin");
  command.option("--workflow", form->workflow, "W[@V]", "another workflow than the trigger's");
  command.option("--file", form->file, "FILE", "a workflow file that is not applied yet");
  command.option("--wait", form->wait, "TIME", "how long to follow it [30s]");
  session.add_flags(command);
  command.action([form, &session] { return test(session, *form); });
  command.examples({"penstock trigger test orders", "penstock trigger test orders --file new.yaml",
                    "penstock trigger test orders --body '{\"amount\":5}'"});
}

}  // namespace penstock::gateway
