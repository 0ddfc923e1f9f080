#include "gateway/app/replay_job.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/app/event_filter.h"
#include "gateway/app/json_text.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static constexpr std::string_view kStates[] = {"counting", "running", "done", "cancelled",
                                               "failed"};

std::string_view replay_state_word(ReplayJob::State state) {
  return kStates[static_cast<size_t>(state)];
}

static Json id_or_null(const Id& id) {
  return id.is_zero() ? Json(nullptr) : Json(id.text());
}

Json replay_json(const ReplayJob& job) {
  Json out = {{"id", std::to_string(job.number)},
              {"status", replay_state_word(job.state)},
              {"filter", Json::parse(job.filter_text, nullptr, false)},
              {"count", job.total},
              {"replayed", job.replayed},
              {"failed", job.failed},
              {"left", job.total - std::min(job.total, job.replayed + job.failed)},
              {"rate_per_s", job.per_s},
              {"created_at", iso_time(job.created_at_ms)}};
  out["finished_at"] = job.finished_at_ms ? Json(iso_time(job.finished_at_ms)) : Json(nullptr);
  out["done_up_to"] = id_or_null(job.done_up_to);
  out["last_error"] = job.last_error.empty() ? Json(nullptr) : Json(job.last_error);
  return out;
}

queue::StoredDefinition stored_replay(const ReplayJob& job) {
  const Json record = {{"number", job.number},
                       {"state", static_cast<int>(job.state)},
                       {"filter", job.filter_text},
                       {"since_ms", job.filter.since_ms},
                       {"per_s", job.per_s},
                       {"created_at_ms", job.created_at_ms},
                       {"finished_at_ms", job.finished_at_ms},
                       {"newest", job.newest.text()},
                       {"done_up_to", job.done_up_to.text()},
                       {"total", job.total},
                       {"replayed", job.replayed},
                       {"failed", job.failed},
                       {"last_error", job.last_error}};
  return {fmt::format("replay/{:010}", job.number),
          record.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

ReplayJobPtr read_replay(const queue::StoredDefinition& stored) {
  if (!stored.key.starts_with("replay/")) return nullptr;
  const Json record = Json::parse(stored.value, nullptr, false);
  if (!record.is_object()) return nullptr;
  auto job = std::make_shared<ReplayJob>();
  const auto number = [&record](const char* name) { return record.value(name, uint64_t{0}); };
  job->number = number("number");
  job->state =
      static_cast<ReplayJob::State>(std::min<uint64_t>(number("state"), std::size(kStates) - 1));
  job->filter_text = record.value("filter", std::string("{}"));
  const Json filter = Json::parse(job->filter_text, nullptr, false);
  const auto value = [&filter](std::string_view name) -> std::optional<std::string> {
    const auto found = filter.find(name);
    if (found == filter.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
  };
  if (!filter.is_object() || !read_event_filter(value, job->created_at_ms, job->filter).empty())
    return nullptr;
  job->filter.since_ms = number("since_ms");
  job->filter.limit = 1000;
  job->per_s = static_cast<uint32_t>(number("per_s"));
  job->created_at_ms = number("created_at_ms");
  job->finished_at_ms = number("finished_at_ms");
  job->newest = Id::from_text(record.value("newest", std::string())).value_or(Id());
  job->done_up_to = Id::from_text(record.value("done_up_to", std::string())).value_or(Id());
  job->total = number("total");
  job->replayed = number("replayed");
  job->failed = number("failed");
  job->last_error = record.value("last_error", std::string());
  return job;
}

}  // namespace penstock::gateway
