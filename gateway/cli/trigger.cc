// penstock trigger …: the URLs that senders post to.
#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/mapping_view.h"
#include "gateway/cli/named.h"
#include "gateway/cli/table.h"
#include "gateway/cli/trigger_flags.h"

namespace penstock::gateway {

namespace {

constexpr NamedKind triggers{"trigger", "triggers"};
using Named = std::shared_ptr<std::string>;

std::string state_of(const JsonView& trigger) {
  return trigger["active"].is_true() ? "active" : "inactive";
}

std::string workflow_of(const JsonView& trigger) {
  const std::string version = trigger["workflow_version"].text();
  return trigger["workflow"].text() + (version.empty() || version == "0" ? "" : "@" + version);
}

void print_list(const Console& console, const JsonView& root) {
  Table table({"NAME", "STATE", "WORKFLOW", "REPLY", "KEY", "URL"});
  for (const JsonView& t : root["triggers"].items()) {
    const std::string state = state_of(t);
    table.row({{t["name"].text(), Colour::kBold},
               {state, status_colour(state)},
               workflow_of(t),
               t["reply"].is_true() ? "held" : "-",
               t["require_key"].is_true() ? "required" : "-",
               t["url"].text()});
  }
  if (table.empty())
    console.note("No triggers yet: `penstock trigger create NAME --workflow W` makes one.");
  if (!table.empty()) console.print(table.text(console));
}

void print_one(const Console& console, const JsonView& trigger) {
  Table table({});
  for (const auto& [name, value] : trigger.members())
    if (!name.starts_with("fields")) table.row({{name, Colour::kDim}, value.text()});
  console.print(table.text(console));
  if (trigger["fields"].items().empty()) return;
  console.print("\n");
  print_fields(console, trigger["fields"]);
}

/// The key is kept nowhere, so it is shown this once; the line that uses it stands ready.
void print_key(const Console& console, const JsonView& answer) {
  console.print("api key  " + console.paint(Colour::kBold, harmless(answer["api_key"].text())) +
                "\n");
  console.note("It is shown this once and kept nowhere.");
}

void print_created(const Console& console, const JsonView& answer) {
  const std::string key = harmless(answer["api_key"].text()), url = harmless(answer["url"].text());
  console.print("url      " + console.paint(Colour::kBold, url) + "\n");
  if (!key.empty()) print_key(console, answer);
  if (!answer["active"].is_true()) {
    const std::string name = harmless(answer["name"].text());
    console.note("It is inactive: events are kept as samples until `penstock trigger activate " +
                 name + "`.");
    if (answer["workflow"].text().empty())
      console.note("It has no workflow yet: `penstock trigger set " + name + " --workflow W`.");
  }
  console.print("try it   curl " + url + (key.empty() ? "" : " -H 'x-api-key: " + key + "'") +
                " --json '{\"hello\":\"world\"}'\n");
}

/// `verb` NAME, which POSTs to /v1/triggers/NAME/verb.
void add_verb(Command& trigger, Session& session, const std::string& verb,
              const std::string& help) {
  Command command = trigger.sub(verb, help);
  const Named name = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  session.add_flags(command);
  command.action([name, verb, &session] {
    return on_named(session, triggers, *name, "POST", "/" + verb, "{}",
                    [&](const JsonView& answer) {
                      if (answer["api_key"].exists()) return print_key(session.console, answer);
                      session.console.print(*name + " is " + state_of(answer) + "\n");
                    });
  });
}

void add_show_and_delete(Command& trigger, Session& session) {
  const Named name = std::make_shared<std::string>();
  Command shown = trigger.sub("show", "one trigger with all its settings");
  shown.argument("NAME", *name, "the trigger's name");
  session.add_flags(shown);
  shown.action([name, &session] {
    return on_named(session, triggers, *name, "GET", "?fields=1", {},
                    [&](const JsonView& root) { print_one(session.console, root); });
  });
  Command removed = trigger.sub("delete", "remove a trigger: its URL answers 404 from then on");
  removed.argument("NAME", *name, "the trigger's name");
  session.add_flags(removed);
  removed.action([name, &session] {
    return on_named(session, triggers, *name, "DELETE", "", {},
                    [&](const JsonView&) { session.console.print(*name + " deleted\n"); });
  });
}

struct TriggerForm {
  std::string name;
  bool inactive = false, no_reply = false;
  std::vector<std::string> unset;
  TriggerFlags flags;
};
using Form = std::shared_ptr<TriggerForm>;

void add_create(Command& trigger, Session& session) {
  Command command = trigger.sub("create", "make a URL that starts a workflow");
  const Form form = std::make_shared<TriggerForm>();
  command.argument("NAME", form->name, "a-z, 0-9 and -, at most 63");
  form->flags.add_to(command);
  command.flag("--inactive", form->inactive, "keep events as samples until it is activated");
  session.add_flags(command);
  command.action([form, &session] {
    JsonObject body;
    if (!form->flags.given("--workflow") && !form->inactive)
      return session.usage("--workflow is missing: name the workflow to start, or make the trigger "
                           "--inactive to look at what comes first");
    body.text("name", form->name).boolean("active", !form->inactive);
    if (const Status wrong = form->flags.write(body); !wrong.ok())
      return session.usage(wrong.message());
    return session.send("POST", "/v1/triggers", body.str(),
                        [&](const JsonView& answer) { print_created(session.console, answer); });
  });
  command.examples({"penstock trigger create hello --workflow hello --reply",
                    "penstock trigger create orders --inactive",
                    "penstock trigger create orders --workflow orders@3 --require-key --wait 10s"});
}

void add_set(Command& trigger, Session& session) {
  Command command = trigger.sub("set", "change settings of a trigger; the others stay");
  const Form form = std::make_shared<TriggerForm>();
  command.argument("NAME", form->name, "the trigger's name");
  form->flags.add_to(command);
  command.flag("--no-reply", form->no_reply, "answer 202 at once from now on");
  command.options("--unset", form->unset, "SETTING",
                  "go back to what it is without being set: --unset filter; repeatable");
  session.add_flags(command);
  command.action([form, &session] {
    JsonObject body;
    if (form->no_reply) body.boolean("reply", false);
    if (const Status wrong = form->flags.write(body); !wrong.ok())
      return session.usage(wrong.message());
    if (const Status wrong = form->flags.unset(body, form->unset); !wrong.ok())
      return session.usage(wrong.message());
    if (body.str() == "{}") return session.usage("name at least one setting to change");
    return on_named(session, triggers, form->name, "PATCH", "", body.str(),
                    [&](const JsonView& answer) {
                      if (answer["api_key"].exists()) print_key(session.console, answer);
                      print_one(session.console, answer);
                    });
  });
  command.examples({"penstock trigger set orders --wait 60s", "penstock trigger set orders --workflow orders@4",
                    "penstock trigger set orders --unset filter --unset rate"});
}

}  // namespace

void add_trigger_commands(Command& root, Session& session) {
  Command trigger = root.sub("trigger", "make and manage the URLs that senders post to");
  add_create(trigger, session);
  add_set(trigger, session);
  Command list = trigger.sub("list", "all triggers");
  session.add_flags(list);
  list.action([&session] {
    return session.get("/v1/triggers",
                       [&](const JsonView& view) { print_list(session.console, view); });
  });
  add_show_and_delete(trigger, session);
  add_trigger_views(trigger, session);
  add_trigger_mapping(trigger, session);
  add_trigger_test(trigger, session);
  add_verb(trigger, session, "activate", "run the workflow on what comes in");
  add_verb(trigger, session, "deactivate", "keep what comes in as samples, run nothing");
  add_verb(trigger, session, "rotate-key", "make a new API key; the one before it stays good");
}

}  // namespace penstock::gateway
