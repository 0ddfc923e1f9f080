#include "gateway/cli/event_query.h"

#include <algorithm>

#include "gateway/cli/input.h"
#include "gateway/cli/table.h"
#include "gateway/config/units.h"
#include "proto/suggest.h"

namespace penstock::gateway {

static constexpr std::string_view statuses[] = {"captured",  "filtered", "queued", "running", "waiting",
                                                "succeeded", "failed",   "cancelled", "dead"};

void EventQuery::add_to(Command& command) {
  command.option("--trigger", trigger, "T", "only of this trigger");
  command.option("--status", status, "S",
                 "captured, filtered, queued, running, waiting, succeeded, failed, cancelled or dead");
  command.option("--since", since, "T",
                 "not older than 15m, 2h, 7d, or a time as 2026-01-31T12:00:00Z");
  command.option("--tag", tag, "TAG", "only with this Penstock-Tag");
  command.option("--limit", limit, "N", "at most so many, newest first [50]");
}

static void add(std::string& query, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  query.append(query.empty() ? "?" : "&").append(name).append("=").append(url_encoded(value));
}

Result<std::string> EventQuery::text(uint64_t now_ms) const {
  if (!status.empty() && std::ranges::find(statuses, status) == std::end(statuses)) {
    return Status::invalid("--status: \"" + status + "\" is no status" +
                           did_you_mean(status, statuses));
  }
  const Result<uint64_t> count = parse_count(limit);
  if (!count || *count == 0) return Status::invalid("--limit is a number from 1");
  std::string query;
  add(query, "trigger", trigger);
  add(query, "status", status);
  add(query, "since", since.empty() ? "" : since_time(since, now_ms));
  add(query, "tag", tag);
  add(query, "limit", limit);
  return query;
}

void print_events(const Console& console, const std::vector<JsonView>& events, bool headings) {
  Table table(headings
                  ? std::vector<std::string>{"ID", "STATUS", "TRIGGER", "BYTES", "CREATED", "TAG"}
                  : std::vector<std::string>{});
  for (const JsonView& e : events) {
    const std::string status = e["filtered"].is_true() ? "filtered" : e["status"].text();
    table.row({e["id"].text(),
               {status, status_colour(status)},
               e["trigger"].text(),
               e["body_bytes"].text(),
               e["created_at"].text(),
               e["tag"].text()});
  }
  if (!table.empty()) console.print(table.text(console));
}

}  // namespace penstock::gateway
