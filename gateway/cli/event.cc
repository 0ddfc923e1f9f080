// penstock event …: what came in.
#include <chrono>
#include <set>
#include <thread>

#include "gateway/cli/commands.h"
#include "gateway/cli/event_query.h"
#include "gateway/cli/raw_json.h"
#include "gateway/cli/table.h"

namespace penstock::gateway {

namespace {

constexpr auto tail_pause = std::chrono::milliseconds(500);
constexpr size_t tail_seen_max = 10'000;

uint64_t now_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

int list(const Session& session, const EventQuery& query) {
  const Result<std::string> text = query.text(now_ms());
  if (!text) return session.usage(text.status().message());
  return session.get("/v1/events" + *text, [&session](const JsonView& root) {
    print_events(session.console, root["events"].items(), true);
    if (root["events"].items().empty()) session.console.note("No such events.");
    if (root["next"].exists())
      session.console.note("There are more: raise --limit or narrow the filters.");
  });
}

void print_headers(const Console& console, const JsonView& headers) {
  for (const auto& [name, value] : headers.members()) {
    console.print(console.paint(Colour::kDim, harmless(name) + ":") + " " + harmless(value.text()) +
                  "\n");
  }
}

void add_facts(Table& table, const JsonView& object) {
  for (const auto& [name, value] : object.members()) {
    const bool apart = name == "event" || name == "headers" || name == "body" || name == "links";
    if (!apart && !value.text().empty()) table.row({{name, Colour::kDim}, value.text()});
  }
}

void print_event(const Console& console, const JsonView& event, std::string_view body) {
  Table table({});
  add_facts(table, event);
  add_facts(table, event["event"]);
  console.print(table.text(console) + "\n");
  print_headers(console, event["event"]["headers"]);
  console.print("\n" + harmless(indented(body), true) + "\n");
}

int show_event(const Session& session, const std::string& id) {
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const Result<ApiAnswer> answer = api->get("/v1/events/" + url_encoded(id));
  return session.show(answer, [&session, &answer](const JsonView& root) {
    print_event(session.console, root, raw_member(answer->body, "body"));
  });
}

int replay(const Session& session, const std::vector<std::string>& ids) {
  int code = kExitDone;
  for (const std::string& id : ids) {
    const int one = session.send(
        "POST", "/v1/events/" + url_encoded(id) + "/replay", "{}", [&](const JsonView& root) {
          session.console.print(id + " replayed as " + harmless(root["id"].text()) + "\n");
        });
    code = std::max(code, one);
  }
  return code;
}

/// The events of a page that were not seen before, oldest first.
std::vector<JsonView> unseen(const JsonView& root, std::set<std::string>& seen) {
  std::vector<JsonView> fresh;
  for (const JsonView& event : root["events"].items()) {
    if (seen.insert(event["id"].text()).second) fresh.insert(fresh.begin(), event);
  }
  while (seen.size() > tail_seen_max) seen.erase(seen.begin());  // ids sort by time
  return fresh;
}

bool print_fresh(const Session& session, const std::vector<JsonView>& fresh) {
  if (!session.json) print_events(session.console, fresh, false);
  for (const JsonView& event : fresh) {
    if (session.json && !session.console.print(event.dump() + "\n")) return false;
  }
  return session.console.print("");
}

/// Until somebody interrupts it or nobody reads. Limitation: it asks twice a second, so of a burst
/// larger than a page only the newest page is shown.
int tail(const Session& session, const EventQuery& query) {
  const Result<ApiClient> api = session.client();
  const Result<std::string> text = query.text(now_ms());
  if (!api || !text)
    return session.usage(api.ok() ? text.status().message() : api.status().message());
  std::set<std::string> seen;
  while (true) {
    const std::optional<JsonDocument> page = session.document(api->get("/v1/events" + *text));
    if (!page) return kExitFailed;
    if (!print_fresh(session, unseen(page->root(), seen))) return kExitDone;
    std::this_thread::sleep_for(tail_pause);
  }
}

void add_replay(Command& event, Session& session) {
  Command command = event.sub("replay", "run events again, each under a new id");
  const auto ids = std::make_shared<std::vector<std::string>>();
  command.arguments("ID", *ids, "the events' ids");
  session.add_flags(command);
  command.action([ids, &session] { return replay(session, *ids); });
}

}  // namespace

void add_event_commands(Command& root, Session& session) {
  Command event = root.sub("event", "look at what came in, and run it again");
  Command listed = event.sub("list", "events, newest first");
  const auto query = std::make_shared<EventQuery>();
  query->add_to(listed);
  session.add_flags(listed);
  listed.action([query, &session] { return list(session, *query); });
  listed.examples({"penstock event list --trigger orders --status dead --since 24h"});

  Command shown = event.sub("show", "one event with its headers and body");
  const auto id = std::make_shared<std::string>();
  shown.argument("ID", *id, "the event's id");
  session.add_flags(shown);
  shown.action([id, &session] { return show_event(session, *id); });

  Command tailed = event.sub("tail", "events as they come, until ^C");
  const auto filter = std::make_shared<EventQuery>();
  filter->add_to(tailed);
  session.add_flags(tailed);
  tailed.action([filter, &session] { return tail(session, *filter); });
  add_replay(event, session);
}

}  // namespace penstock::gateway
