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
constexpr size_t tail_seen_max = 100'000;
constexpr size_t tail_pages_max = 100;

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

/// What came since the last look: pages are read until one reaches what was seen before. Nullopt:
/// the reason is on stderr.
std::optional<std::vector<JsonView>> look(const Session& session, const ApiClient& api,
                                          const std::string& query, bool first,
                                          std::set<std::string>& seen,
                                          std::vector<JsonDocument>& pages) {
  std::vector<JsonView> fresh;
  std::string cursor;
  for (size_t page = 0; page < tail_pages_max; page++) {
    const std::optional<JsonDocument> read = session.document(api.get("/v1/events" + query + cursor));
    if (!read) return std::nullopt;
    pages.push_back(*read);
    const size_t listed = read->root()["events"].items().size();
    const std::vector<JsonView> unknown = unseen(read->root(), seen);
    fresh.insert(fresh.begin(), unknown.begin(), unknown.end());
    const std::string next = read->root()["next"].text();
    if (first || unknown.size() < listed || next.empty()) break;
    cursor = "&cursor=" + url_encoded(next);
  }
  return fresh;
}

/// Until somebody interrupts it or nobody reads. Limitation: it asks twice a second.
int tail(const Session& session, const EventQuery& query) {
  const Result<ApiClient> api = session.client();
  const Result<std::string> text = query.text(now_ms());
  if (!api || !text)
    return session.usage(api.ok() ? text.status().message() : api.status().message());
  std::set<std::string> seen;
  for (bool first = true;; first = false) {
    std::vector<JsonDocument> pages;  // what is fresh points into these
    const auto fresh = look(session, *api, *text, first, seen, pages);
    if (!fresh) return kExitFailed;
    if (!print_fresh(session, *fresh)) return kExitDone;
    std::this_thread::sleep_for(tail_pause);
  }
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
  add_event_replay(event, session);
}

}  // namespace penstock::gateway
