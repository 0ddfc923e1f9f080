// penstock trigger rejected: what senders were refused, and why.
#include "gateway/cli/commands.h"
#include "gateway/cli/named.h"
#include "gateway/cli/table.h"

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

}  // namespace

void add_trigger_views(Command& trigger, Session& session) {
  add_rejected(trigger, session);
}

}  // namespace penstock::gateway
