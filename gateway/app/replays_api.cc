#include "gateway/app/replays_api.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/event_filter.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using State = ReplayJob::State;

void ReplaysApi::refuse(ExchangeId exchange, Code code, const std::string& detail) {
  context_.server.respond(exchange, problem(code, detail));
}

void ReplaysApi::load(const std::vector<queue::StoredDefinition>& stored) {
  for (const queue::StoredDefinition& definition : stored)
    if (const ReplayJobPtr job = read_replay(definition)) jobs_[job->number] = job;
}

void ReplaysApi::on_request(const OperatorRequest& request) {
  const auto& words = request.words;
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  if (words.size() == 1) {
    if (request.is(Method::kPost)) return create(request);
    if (read) return list(request.exchange);
    return respond_wrong_method(context_.server, request.exchange, "GET, POST");
  }
  uint64_t number = 0;
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), number);
  const auto found = jobs_.find(number);
  if (found == jobs_.end() || words.size() > 3)
    return refuse(request.exchange, Code::kNotFound, "No replay has the number " + words[1]);
  if (words.size() == 2) {
    if (!read) return respond_wrong_method(context_.server, request.exchange, "GET");
    return respond_json(context_.server, request.exchange, 200, replay_json(*found->second));
  }
  if (words[2] != "cancel") return refuse(request.exchange, Code::kNotFound, "No such address.");
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  cancel(request, found->second);
}

/// Reads {"filter": {…}, "dry_run", "rate_per_s"}: "" or what is wrong.
static std::string read_job(const Json& wanted, uint64_t now_ms, ReplayJob& job) {
  static const std::vector<std::string> known = {"filter", "dry_run", "rate_per_s"};
  static const std::vector<std::string> filters = {"trigger", "status", "since", "tag"};
  for (const auto& [key, value] : wanted.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      return "a replay has no " + key + did_you_mean(key, known);
  const Json filter = wanted.value("filter", Json());
  if (!filter.is_object() || filter.empty())
    return "filter must be an object with at least one of trigger, status, since, tag";
  for (const auto& [key, value] : filter.items()) {
    if (std::find(filters.begin(), filters.end(), key) == filters.end())
      return "a filter has no " + key + did_you_mean(key, filters);
    if (!value.is_string()) return "filter." + key + " must be a string";
  }
  const auto value = [&filter](std::string_view name) -> std::optional<std::string> {
    const auto found = filter.find(name);
    return found == filter.end() ? std::nullopt : std::optional(found->get<std::string>());
  };
  if (auto wrong = read_event_filter(value, now_ms, job.filter); !wrong.empty()) return wrong;
  job.filter_text = filter.dump();
  const Json rate = wanted.value("rate_per_s", Json(limits::replay_per_s));
  if (!rate.is_number_unsigned() || rate == 0 || rate > 100'000)
    return "rate_per_s is a whole number from 1 to 100000";
  job.per_s = rate.get<uint32_t>();
  const Json dry_run = wanted.value("dry_run", Json(false));
  if (!dry_run.is_boolean()) return "dry_run must be true or false";
  job.number = dry_run.get<bool>() ? 0 : 1;
  return "";
}

void ReplaysApi::create(const OperatorRequest& request) {
  const auto wanted = object_of(context_.server, request);
  if (!wanted) return;
  auto job = std::make_shared<ReplayJob>();
  job->created_at_ms = context_.clock.wall_ms();
  if (const std::string wrong = read_job(*wanted, job->created_at_ms, *job); !wrong.empty())
    return refuse(request.exchange, Code::kUnprocessable, wrong);
  job->asked_by = request.exchange;
  job->who = who_of(request);
  job->filter.limit = 1000;
  if (job->number != 0) {
    job->number = jobs_.empty() ? 1 : jobs_.rbegin()->first + 1;
    jobs_[job->number] = job;
  }
  collect(job);
}

// The events are found newest first, page by page, and their ids kept: that is the count, too.
void ReplaysApi::collect(const ReplayJobPtr& job) {
  const auto cookie =
      context_.pending.read([this, job](queue::ReadDone& done) { collected(job, done); });
  context_.queue.list(job->filter, cookie);
}

void ReplaysApi::collected(const ReplayJobPtr& job, queue::ReadDone& done) {
  if (!done.status.ok()) {
    job->state = State::kFailed;
    job->last_error = "cannot read: " + done.status.message();
    return ready(job);
  }
  const auto& page = std::get<queue::ListPage>(done.value);
  bool behind = false;  // what an earlier life has replayed
  for (const queue::ListEntry& entry : page.entries) {
    if (!job->newest.is_zero() && job->newest < entry.id) continue;
    behind = behind || entry.id <= job->done_up_to;
    if (!behind) job->left.push_back(entry.id);
  }
  if (job->left.size() > limits::replay_events_max) {
    job->state = State::kFailed;
    job->last_error = "more than " + std::to_string(limits::replay_events_max) +
                      " events fit the filter; narrow it";
    return ready(job);
  }
  if (page.next.is_zero() || behind) return ready(job);
  job->filter.before = page.next;
  collect(job);
}

void ReplaysApi::ready(const ReplayJobPtr& job) {
  if (!job->asked_by) busy_ = false;
  job->is_collected = true;
  if (job->newest.is_zero() && !job->left.empty()) job->newest = job->left.front();
  job->total = job->replayed + job->failed + job->left.size();
  if (job->state == State::kCounting) job->state = State::kRunning;
  const auto exchange = std::exchange(job->asked_by, std::nullopt);
  if (!exchange) return;
  if (job->state == State::kFailed) {
    jobs_.erase(job->number);
    return refuse(*exchange, Code::kUnprocessable, job->last_error);
  }
  if (job->number == 0) {
    Json answer = {{"dry_run", true}, {"count", job->total}};
    answer["newest"] = job->left.empty() ? Json(nullptr) : Json(job->left.front().text());
    answer["oldest"] = job->left.empty() ? Json(nullptr) : Json(job->left.back().text());
    return respond_json(context_.server, *exchange, 200, answer);
  }
  const Json detail = {{"filter", Json::parse(job->filter_text)}, {"count", job->total}};
  context_.queue.audit({job->who, "replay.create", std::to_string(job->number), detail.dump()});
  keep(*job, [this, exchange = *exchange, answer = replay_json(*job)] {
    respond_json(context_.server, exchange, 202, answer,
                 "Location: /v1/replays/" + answer["id"].get<std::string>() + "\r\n");
  });
}

void ReplaysApi::keep(const ReplayJob& job, std::function<void()> then) {
  Writes writes;
  writes.push_back(stored_replay(job));
  while (jobs_.size() > limits::replays_max) {
    const ReplayJob& oldest = *jobs_.begin()->second;
    if (oldest.state == State::kRunning || oldest.state == State::kCounting) break;
    writes.push_back({stored_replay(oldest).key, ""});
    jobs_.erase(jobs_.begin());
  }
  context_.queue.define(std::move(writes), context_.pending.defined(std::move(then)));
}

void ReplaysApi::cancel(const OperatorRequest& request, const ReplayJobPtr& job) {
  const ExchangeId exchange = request.exchange;
  if (job->state == State::kRunning) {
    job->state = State::kCancelled;
    job->finished_at_ms = context_.clock.wall_ms();
    job->left.clear();
  }
  audit(context_, request, "replay.cancel", std::to_string(job->number), "{}");
  keep(*job, [this, exchange, answer = replay_json(*job)] {
    respond_json(context_.server, exchange, 202, answer);
  });
}

void ReplaysApi::list(ExchangeId exchange) {
  Json rows = Json::array();
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job)
    rows.push_back(replay_json(*job->second));
  respond_json(context_.server, exchange, 200, {{"replays", rows}, {"next", nullptr}});
}

uint64_t ReplaysApi::turn(uint64_t now_ms) {
  if (busy_ || context_.health.draining) return UINT64_MAX;
  ReplayJobPtr next;
  for (const auto& [number, job] : jobs_)
    if (job->state == State::kRunning && !next) next = job;
  if (!next) return UINT64_MAX;
  if (now_ms < next_ms_) return next_ms_;
  busy_ = true;
  if (!next->is_collected) {
    collect(next);
  } else {
    begin_chunk(next);
  }
  return UINT64_MAX;
}

void ReplaysApi::begin_chunk(const ReplayJobPtr& job) {
  auto chunk = std::make_shared<Chunk>();
  chunk->job = job;
  const size_t size = std::min({limits::replay_chunk, size_t{job->per_s}, job->left.size()});
  chunk->ids.assign(job->left.rbegin(), job->left.rbegin() + static_cast<ptrdiff_t>(size));
  chunk->prepared.resize(size);
  chunk->awaited = size;
  if (size == 0) return commit(chunk);
  for (size_t i = 0; i < size; i++) {
    replayer_.prepare(chunk->ids[i], [this, chunk, i](Replayer::Prepared prepared) {
      chunk->prepared[i] = std::move(prepared);
      if (--chunk->awaited == 0) commit(chunk);
    });
  }
}

bool ReplaysApi::take(ReplayJob& job, Replayer::Prepared& prepared) {
  Rejected why{Code::kInternal, "", 0};
  if (auto* event = std::get_if<queue::NewEvent>(&prepared)) {
    const auto cookie = context_.pending.accepted([](Id) {});
    auto admitted = context_.queue.accept(std::move(*event), cookie);
    if (std::holds_alternative<Id>(admitted)) return job.replayed++, true;
    context_.pending.forget(cookie);
    why = std::get<Rejected>(admitted);
  } else {
    why = std::get<Rejected>(prepared);
  }
  job.last_error = why.detail;
  if (problem_kind(why.code).status == 503) return false;
  job.failed++;
  return true;
}

// All of a chunk and how far the job is go into one commit: nothing here waits in between.
void ReplaysApi::commit(const ChunkPtr& chunk) {
  busy_ = false;
  ReplayJob& job = *chunk->job;
  const uint64_t now = context_.clock.monotonic_ms();
  if (job.state != State::kRunning) return;
  size_t taken = 0;
  while (taken < chunk->ids.size() && take(job, *chunk->prepared[taken])) taken++;
  if (taken > 0) job.done_up_to = chunk->ids[taken - 1];
  job.left.resize(job.left.size() - taken);
  const bool stuck = taken < chunk->ids.size();
  next_ms_ = now + (stuck ? 1'000 : taken * 1'000 / job.per_s);
  if (job.left.empty()) {
    job.state = State::kDone;
    job.finished_at_ms = context_.clock.wall_ms();
  }
  keep(job, [] {});
}

}  // namespace penstock::gateway
