// penstock trigger map, samples: from what came to what the workflow gets.
#include <map>

#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/mapping_view.h"
#include "gateway/cli/named.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr NamedKind triggers{"trigger", "triggers"};

struct MapForm {
  std::string name, filter, schema;
  std::vector<std::string> set, require, optional, fallback, unset;
  bool no_filter = false, no_schema = false, replace = false, dry_run = false;
};

/// The members of each variable that the flags name, in the order of their first mention.
class Variables {
 public:
  JsonObject& of(const std::string& name) {
    if (!members_.contains(name)) order_.push_back(name);
    return members_[name];
  }
  void remove(const std::string& name) {
    (void)of(name);
    removed_.push_back(name);
  }
  bool empty() const { return order_.empty(); }
  std::string json() const {
    JsonObject all;
    for (const std::string& name : order_) {
      const bool gone = std::find(removed_.begin(), removed_.end(), name) != removed_.end();
      all.raw(name, gone ? "null" : members_.at(name).str());
    }
    return all.str();
  }

 private:
  std::vector<std::string> order_, removed_;
  std::map<std::string, JsonObject> members_;
};

/// NAME=REST; false: it is not of that form.
bool split(const std::string& item, std::string& name, std::string& rest) {
  const size_t at = item.find('=');
  if (at == std::string::npos || at == 0) return false;
  name = item.substr(0, at);
  rest = item.substr(at + 1);
  return true;
}

Status write_variables(const MapForm& form, JsonObject& body) {
  Variables variables;
  std::string name, rest;
  for (const std::string& item : form.set) {
    if (!split(item, name, rest))
      return Status::invalid("--set: write NAME=JQ, such as customer=.data.customer.email");
    variables.of(name).text("expression", rest);
  }
  for (const std::string& item : form.fallback) {
    if (!split(item, name, rest)) return Status::invalid("--default: write NAME=JSON");
    if (!JsonDocument::parse(rest))
      return Status::invalid("--default " + name + ": " + rest +
                             " is not JSON; a text needs its quotes: '" + name + "=\"" + rest +
                             "\"'");
    variables.of(name).raw("default", rest);
  }
  for (const std::string& one : form.require) variables.of(one).boolean("required", true);
  for (const std::string& one : form.optional) variables.of(one).boolean("required", false);
  for (const std::string& one : form.unset) variables.remove(one);
  if (!variables.empty()) body.raw("variables", variables.json());
  return {};
}

Status write_rules(const MapForm& form, JsonObject& body) {
  if (!form.filter.empty()) body.text("filter", form.filter);
  if (form.no_filter) body.raw("filter", "null");
  if (form.no_schema) body.raw("schema", "null");
  if (form.schema.empty()) return {};
  std::string text = form.schema;
  if (text.starts_with('@')) {
    Result<std::string> read = read_input(text.substr(1), limits::schema_bytes_max);
    if (!read) return read.status();
    text = *std::move(read);
  }
  if (!JsonDocument::parse(text)) return Status::invalid("--schema: this is not JSON");
  body.raw("schema", text);
  return {};
}

int map(const Session& session, const MapForm& form) {
  JsonObject body;
  if (const Status wrong = write_variables(form, body); !wrong.ok())
    return session.usage(wrong.message());
  if (const Status wrong = write_rules(form, body); !wrong.ok())
    return session.usage(wrong.message());
  const bool changes = body.str() != "{}" || form.replace;
  const char* const method = !changes ? "GET" : form.replace ? "PUT" : "PATCH";
  const std::string tail = form.dry_run ? "/mapping?dry_run=1" : "/mapping";
  return on_named(session, triggers, form.name, method, tail, changes ? body.str() : "",
                  [&](const JsonView& root) { print_mapping(session.console, root, changes); });
}

void add_map(Command& trigger, Session& session) {
  Command command = trigger.sub("map", "choose which parts of an event the workflow gets");
  const auto form = std::make_shared<MapForm>();
  command.argument("NAME", form->name, "the trigger's name");
  command.options("--set", form->set, "V=JQ", "variable V is what the expression gives");
  command.options("--require", form->require, "V", "an event without V is a failed run");
  command.options("--optional", form->optional, "V", "V may be missing: then it is null");
  command.options("--default", form->fallback, "V=JSON", "what V is where it is missing");
  command.options("--unset", form->unset, "V", "remove the variable V");
  command.option("--filter", form->filter, "JQ", "only events for which this is true run");
  command.flag("--no-filter", form->no_filter, "every event runs");
  command.option("--schema", form->schema, "@FILE|JSON",
                 "a JSON Schema of the body; other bodies are refused with 422");
  command.flag("--no-schema", form->no_schema, "take any JSON");
  command.flag("--replace", form->replace, "what is not named here goes");
  command.flag("--dry-run", form->dry_run, "show what it would be, keep nothing");
  session.add_flags(command);
  command.action([form, &session] { return map(session, *form); });
  command.examples({"penstock trigger map orders",
                    "penstock trigger map orders --set customer=.data.customer.email --require "
                    "customer",
                    "penstock trigger map orders --filter '.type == \"order.paid\"' --dry-run"});
}

void add_samples(Command& trigger, Session& session) {
  Command command =
      trigger.sub("samples", "the events that a mapping is tried on, and their fields");
  const auto name = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  session.add_flags(command);
  command.action([name, &session] {
    return on_named(session, triggers, *name, "GET", "/samples", {},
                    [&](const JsonView& root) { print_samples(session.console, root); });
  });
}

}  // namespace

void add_trigger_mapping(Command& trigger, Session& session) {
  add_map(trigger, session);
  add_samples(trigger, session);
}

}  // namespace penstock::gateway
