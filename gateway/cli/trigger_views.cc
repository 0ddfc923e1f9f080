// penstock trigger rejected, history, rollback, rotate-secret, revoke-key: what senders were refused
// and why; what a trigger was, and back to it; the ends of secrets and keys.
#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/named.h"
#include "gateway/cli/table.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr NamedKind triggers{"trigger", "triggers"};

void print_rejected(const Console& console, const JsonView& root) {
  Table table({"AT", "CODE", "REMOTE", "METHOD", "BYTES", "WHY"});
  for (const JsonView& one : root["rejected"].items()) {
    std::string why = one["detail"].text();
    if (one["hint"].exists()) why += " Likely: " + one["hint"].text();
    table.row({one["at"].text(),
               {one["code"].text(), Colour::kBold},
               one["remote"].text(),
               one["method"].text(),
               one["body_bytes"].text(),
               why});
  }
  if (!table.empty()) console.print(table.text(console));
  if (table.empty()) console.note("Nothing was refused since the gateway started.");
  std::string counts;
  for (const auto& [code, count] : root["counts"].members())
    counts += (counts.empty() ? "" : ", ") + count.text() + " " + code;
  if (!counts.empty()) console.note("Since the gateway started: " + harmless(counts) + ".");
}

void add_rejected(Command& trigger, Session& session) {
  Command command = trigger.sub("rejected", "the last requests that were refused, and why");
  const auto name = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  session.add_flags(command);
  command.action([name, &session] {
    return on_named(session, triggers, *name, "GET", "/rejected", {},
                    [&](const JsonView& root) { print_rejected(session.console, root); });
  });
}

void print_history(const Console& console, const JsonView& root) {
  Table table({"VERSION", "AT", "CHANGED"});
  for (const JsonView& one : root["versions"].items()) {
    std::string changes;
    for (const auto& [name, pair] : one["changed"].members()) {
      const std::vector<JsonView> values = pair.items();
      if (values.size() != 2) continue;
      changes +=
          (changes.empty() ? "" : ", ") + name + ": " + values[0].dump() + " → " + values[1].dump();
    }
    table.row({one["version"].text() + (one["current"].is_true() ? " *" : ""), one["at"].text(),
               changes.empty() ? "keys or secrets" : changes});
  }
  console.print(table.text(console));
}

void add_history(Command& trigger, Session& session) {
  Command command = trigger.sub("history", "its versions, newest first, and what changed");
  const auto name = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  session.add_flags(command);
  command.action([name, &session] {
    return on_named(session, triggers, *name, "GET", "/history", {},
                    [&](const JsonView& root) { print_history(session.console, root); });
  });
}

void add_rollback(Command& trigger, Session& session) {
  Command command =
      trigger.sub("rollback", "back to an earlier version's settings; URL, keys and secrets stay");
  const auto name = std::make_shared<std::string>(), to = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  command.option("--to", *to, "VERSION", "which version [the one before]");
  session.add_flags(command);
  command.action([name, to, &session] {
    const std::string tail = "/rollback" + (to->empty() ? "" : "?to=" + url_encoded(*to));
    return on_named(session, triggers, *name, "POST", tail, "{}", [&](const JsonView& root) {
      session.console.print(harmless(*name) + " rolled back; it is version " +
                            root["version"].text() + " now\n");
    });
  });
  command.examples({"penstock trigger rollback orders --to 3"});
}

void add_rotate_secret(Command& trigger, Session& session) {
  Command command = trigger.sub("rotate-secret",
                                "set a new signing secret; the one before it stays good");
  const auto name = std::make_shared<std::string>();
  const auto file = std::make_shared<std::string>("-");
  command.argument("NAME", *name, "the trigger's name");
  command.option("--secret-file", *file, "FILE", "the new secret (standard input)");
  session.add_flags(command);
  command.action([name, file, &session] {
    Result<std::string> secret = read_input(*file, limits::secret_bytes_max);
    if (!secret) return session.fail(secret.status());
    while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
    return on_named(session, triggers, *name, "POST", "/rotate-secret",
                    JsonObject().text("secret", *secret).str(), [&](const JsonView& answer) {
                      session.console.print(std::to_string(answer["secrets"].items().size()) +
                                            " secrets of " + *name + " are good now\n");
                    });
  });
}

void add_revoke_key(Command& trigger, Session& session) {
  Command command = trigger.sub("revoke-key", "end an API key: the older one, or the one named");
  const auto name = std::make_shared<std::string>();
  const auto prefix = std::make_shared<std::string>();
  command.argument("NAME", *name, "the trigger's name");
  command.option("--prefix", *prefix, "TEXT", "how the key begins, as `trigger show` has it");
  session.add_flags(command);
  command.action([name, prefix, &session] {
    JsonObject body;
    if (!prefix->empty()) body.text("prefix", *prefix);
    return on_named(session, triggers, *name, "POST", "/revoke-key", body.str(),
                    [&](const JsonView& answer) {
                      session.console.print("revoked; " +
                                            std::to_string(answer["keys"].items().size()) +
                                            " left\n");
                    });
  });
}

}  // namespace

void add_trigger_views(Command& trigger, Session& session) {
  add_rejected(trigger, session);
  add_history(trigger, session);
  add_rollback(trigger, session);
  add_rotate_secret(trigger, session);
  add_revoke_key(trigger, session);
}

}  // namespace penstock::gateway
