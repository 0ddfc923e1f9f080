// penstock stats | limits | executors: the server's own state.
#include "gateway/cli/commands.h"
#include "gateway/cli/table.h"

namespace penstock::gateway {

namespace {

/// Nested objects become dotted names, so that one table shows all there is.
void add_rows(Table& table, const std::string& prefix, const JsonView& object) {
  for (const auto& [name, value] : object.members()) {
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    if (value.is_object()) add_rows(table, path, value);
    if (!value.is_object()) table.row({{path, Colour::kDim}, {value.text(), Colour::kNone}});
  }
}

void print_object(const Console& console, const JsonView& root) {
  Table table({});
  add_rows(table, "", root);
  console.print(table.text(console));
}

void print_executors(const Console& console, const JsonView& root) {
  const std::vector<JsonView> all = root["executors"].items();
  if (all.empty()) return console.note("No executor is connected.");
  std::vector<std::string> headings;
  for (const auto& member : all[0].members()) headings.push_back(member.first);
  Table table(headings);
  for (const JsonView& executor : all) {
    std::vector<Cell> cells;
    for (const std::string& heading : headings) cells.emplace_back(executor[heading].text());
    table.row(std::move(cells));
  }
  console.print(table.text(console));
}

using Print = void (*)(const Console&, const JsonView&);

void add(Command& root, Session& session, const std::string& name, const std::string& help,
         Print print) {
  Command command = root.sub(name, help);
  session.add_flags(command);
  command.action([name, print, &session] {
    return session.get("/v1/" + name, [&](const JsonView& view) { print(session.console, view); });
  });
}

}  // namespace

void add_server_commands(Command& root, Session& session) {
  add(root, session, "stats", "how many events came in and what became of them", print_object);
  add(root, session, "limits", "every bound, the durability, the version", print_object);
  add(root, session, "executors", "who runs the workflows", print_executors);
}

}  // namespace penstock::gateway
