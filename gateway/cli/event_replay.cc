// penstock event replay: events run again, one by one or all that a filter finds.
#include <chrono>
#include <thread>

#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/table.h"
#include "gateway/config/units.h"

namespace penstock::gateway {

namespace {

constexpr auto poll_pause = std::chrono::milliseconds(300);

struct ReplayForm {
  std::vector<std::string> ids, filters;
  std::string rate;
  bool dry_run = false, no_wait = false;
};

int replay_each(const Session& session, const std::vector<std::string>& ids) {
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

/// KEY=VALUE, several joined by commas or blanks, as a JSON object.
Status write_filter(const std::vector<std::string>& filters, JsonObject& out) {
  for (const std::string& text : filters) {
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find_first_of(", ", at), text.size());
      const std::string item = text.substr(at, end - at);
      at = end + 1;
      if (item.empty()) continue;
      const size_t equals = item.find('=');
      if (equals == std::string::npos || equals == 0)
        return Status::invalid("--filter: write trigger=T, status=S, since=24h or tag=TAG, not " +
                               item);
      out.text(item.substr(0, equals), item.substr(equals + 1));
    }
  }
  return {};
}

void print_job(const Console& console, const JsonView& job) {
  const std::string status = job["status"].text();
  console.print("replay " + harmless(job["id"].text()) + " " + harmless(status) + ": " +
                job["replayed"].text() + " of " + job["count"].text() + " events replayed" +
                (job["failed"].number() ? ", " + job["failed"].text() + " could not be" : "") +
                "\n");
  if (job["last_error"].exists()) console.note(harmless("  " + job["last_error"].text()));
}

/// Until the job has ended. It goes on without us.
int follow(const Session& session, const ApiClient& api, const std::string& id) {
  while (true) {
    const Result<ApiAnswer> answer = api.get("/v1/replays/" + id);
    const std::optional<JsonDocument> job = session.document(answer);
    if (!job) return kExitFailed;
    const std::string status = job->root()["status"].text();
    if (status != "running" && status != "counting") {
      if (session.json) return session.show(answer, [](const JsonView&) {});
      print_job(session.console, job->root());
      return status == "done" && job->root()["failed"].number() == 0 ? kExitDone : kExitFailed;
    }
    std::this_thread::sleep_for(poll_pause);
  }
}

int replay_all(const Session& session, const ReplayForm& form) {
  JsonObject filter, body;
  if (const Status wrong = write_filter(form.filters, filter); !wrong.ok())
    return session.usage(wrong.message());
  body.raw("filter", filter.str());
  if (form.dry_run) body.boolean("dry_run", true);
  if (!form.rate.empty()) {
    const Result<uint64_t> rate = parse_count(form.rate);
    if (!rate || *rate == 0) return session.usage("--rate is a number from 1");
    body.number("rate_per_s", *rate);
  }
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const Result<ApiAnswer> answer = api->send("POST", "/v1/replays", body.str());
  const std::optional<JsonDocument> begun = session.document(answer);
  if (!begun) return kExitFailed;
  if (form.dry_run || form.no_wait) {
    return session.show(answer, [&](const JsonView& root) {
      if (form.dry_run)
        session.console.print(root["count"].text() + " events would be replayed\n");
      else
        print_job(session.console, root);
    });
  }
  const std::string id = begun->root()["id"].text();
  if (!session.json)
    session.console.note("Replay " + harmless(id) + " of " + begun->root()["count"].text() +
                         " events began; it goes on when this command ends.");
  return follow(session, *api, id);
}

int replay(const Session& session, const ReplayForm& form) {
  if (form.ids.empty() == form.filters.empty())
    return session.usage("name the events' ids, or find them by --filter");
  if (!form.filters.empty()) return replay_all(session, form);
  if (form.dry_run) return session.usage("--dry-run counts what a --filter finds");
  return replay_each(session, form.ids);
}

}  // namespace

void add_event_replay(Command& event, Session& session) {
  Command command = event.sub("replay", "run events again, each under a new id");
  const auto form = std::make_shared<ReplayForm>();
  command.optional_arguments("ID", form->ids, "the events' ids");
  command.options("--filter", form->filters, "KEY=VALUE",
                  "all events with this trigger, status, since or tag");
  command.flag("--dry-run", form->dry_run, "only count what the filter finds");
  command.option("--rate", form->rate, "N", "at most so many a second [200]");
  command.flag("--no-wait", form->no_wait, "do not follow it to its end");
  session.add_flags(command);
  command.action([form, &session] { return replay(session, *form); });
  command.examples(
      {"penstock event replay ID",
       "penstock event replay --filter trigger=orders,status=dead,since=24h --dry-run"});
}

}  // namespace penstock::gateway
