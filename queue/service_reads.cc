// The service's reads: what goes to the reader, and what memory adds to its answers.
#include <algorithm>

#include "queue/run_reader.h"
#include "queue/service_impl.h"

namespace penstock::queue {

static constexpr uint32_t kPageMax = 1000;

Result<std::vector<StoredDefinition>> ServiceImpl::definitions() {
  return read_definitions(*store_->view());
}

void ServiceImpl::set_flow(const std::string& trigger, const FlowLimits& limits) {
  queue_.set_flow(trigger, limits, now());
}

std::vector<FlowState> ServiceImpl::flow_states() const {
  return queue_.flow().states(clock_.monotonic_ms());
}

void ServiceImpl::read_run(Id id, bool with_journal, Cookie cookie) {
  if (reads_->pending() < limits::reads_max) reads_->push(ReadRun{id, with_journal, cookie});
  else reads_done_.push_back({cookie, Status::full("too many reads wait for the disk"), RunRead()});
}

void ServiceImpl::list(ListQuery query, Cookie cookie) {
  if (reads_->pending() >= limits::reads_max) {
    reads_done_.push_back({cookie, Status::full("too many reads wait for the disk"), ListPage()});
    return;
  }
  query.limit = std::clamp(query.limit, 1u, kPageMax);
  query.scan_max = std::clamp(query.scan_max, query.limit, ListQuery().scan_max);
  ReadList job{std::move(query), cookie, std::nullopt};
  if (job.query.status == records::RUNNING) job.only = queue_.running();
  reads_->push(std::move(job));
}

void ServiceImpl::read_stream(Id id, uint32_t from, size_t bytes_max, Cookie cookie) {
  if (reads_->pending() < limits::reads_max) reads_->push(ReadStream{id, from, bytes_max, cookie});
  else
    reads_done_.push_back({cookie, Status::full("too many reads wait for the disk"), StreamPage()});
}

void ServiceImpl::read_audit(uint64_t before, uint32_t limit, Cookie cookie) {
  if (reads_->pending() < limits::reads_max)
    reads_->push(ReadAudit{before, std::clamp(limit, 1u, kPageMax), cookie});
  else
    reads_done_.push_back({cookie, Status::full("too many reads wait for the disk"), AuditPage()});
}

template <class Answer>
struct AnswerOf;
template <> struct AnswerOf<LoadRun> { using Type = RunAnswer; };
template <> struct AnswerOf<LookUp> { using Type = RunAnswer; };
template <> struct AnswerOf<ReadRun> { using Type = RunAnswer; };
template <> struct AnswerOf<Refill> { using Type = RefillAnswer; };
template <> struct AnswerOf<ReadStream> { using Type = StreamAnswer; };
template <> struct AnswerOf<ReadAudit> { using Type = AuditAnswer; };
template <> struct AnswerOf<ReadList> { using Type = ListAnswer; };
template <> struct AnswerOf<SweepRetention> { using Type = SweepAnswer; };
template <> struct AnswerOf<ReadKey> { using Type = KeyAnswer; };

Status ServiceImpl::take_replies(Now now) {
  for (ReadReply& reply : reads_->take()) {
    const auto pass = [&](const auto& job) {
      using Answer = typename AnswerOf<std::decay_t<decltype(job)>>::Type;
      return answered(job, std::move(std::get<Answer>(reply.answer)), now);
    };
    PENSTOCK_TRY(std::visit(pass, reply.job));
  }
  return {};
}

Status ServiceImpl::answered(const LoadRun& job, RunAnswer answer, Now now) {
  return queue_.loaded(job.id, std::move(answer), now);
}
Status ServiceImpl::answered(const LookUp& job, RunAnswer answer, Now now) {
  return queue_.looked_up(job, answer, now);
}
Status ServiceImpl::answered(const Refill&, RefillAnswer answer, Now) {
  return queue_.refilled(std::move(answer));
}
Status ServiceImpl::answered(const SweepRetention&, SweepAnswer answer, Now now) {
  return queue_.swept(std::move(answer), now);
}

Status ServiceImpl::answered(const ReadRun& job, RunAnswer answer, Now now) {
  if (answer.status.ok() && !complete(job, answer.read, now)) {
    reads_->push(ReadRun{job.id, job.with_journal, job.cookie, true});
    return {};
  }
  reads_done_.push_back({job.cookie, std::move(answer.status), std::move(answer.read)});
  return {};
}

bool ServiceImpl::complete(const ReadRun& job, RunRead& read, Now now) const {
  if (!read.result) read.result = queue_.cached_result(job.id);
  if (!read.event) read.event = queue_.event(job.id);
  // Whether or not the sweep has come by, and whatever memory still has.
  const uint64_t kept_until_ms =
      read.result ? read.result->finished_at_ms() + options_.result_retention_ms : UINT64_MAX;
  const uint64_t own_ms = read.result ? read.result->expires_at_ms() : 0;
  if ((own_ms ? own_ms : kept_until_ms) <= now.wall_ms) {
    if (kept_until_ms > now.wall_ms) read.remains = read.result;
    if (read.remains) read.status = read.remains->outcome().status();
    read.result = nullptr;
    read.expired = true;
    return true;
  }
  const auto live = queue_.live(job.id);
  if (read.result) read.status = read.result->outcome().status();
  else if (live) read.status = live->status;
  else if (read.event && read.event->captured) read.status = records::CAPTURED;
  else if (read.event && queue_.spilled(job.id)) read.status = records::QUEUED;
  if (read.status != records::UNKNOWN) return true;
  // Not in memory and no result: it may have ended since the read, so a second one decides.
  if (read.event && !job.again) return false;
  const uint64_t retention_ms =
      std::min(options_.result_retention_ms, options_.event_retention_ms);
  read.expired = read.event || job.id.time_ms() + retention_ms < now.wall_ms;
  return true;
}

records::RunStatus ServiceImpl::status_of(ListEntry& entry) const {
  if (entry.meta.captured()) return records::CAPTURED;
  if (!entry.result) {
    if (const ResultPtr fresh = queue_.cached_result(entry.id)) {
      auto slim = std::make_shared<records::ResultRecord>(*fresh);
      slim->mutable_outcome()->clear_body();
      entry.result = std::move(slim);
      entry.live = nullptr;
    }
  }
  if (entry.result) return entry.result->outcome().status();
  if (const auto live = queue_.live(entry.id)) return live->status;
  return queue_.spilled(entry.id) ? records::QUEUED : records::UNKNOWN;
}

Status ServiceImpl::answered(const ReadStream& job, StreamAnswer answer, Now) {
  reads_done_.push_back({job.cookie, std::move(answer.status), std::move(answer.page)});
  return {};
}

Status ServiceImpl::answered(const ReadAudit& job, AuditAnswer answer, Now) {
  reads_done_.push_back({job.cookie, std::move(answer.status), std::move(answer.page)});
  return {};
}

Status ServiceImpl::answered(const ReadList& job, ListAnswer answer, Now) {
  for (ListEntry& entry : answer.page.entries) entry.status = status_of(entry);
  const records::RunStatus wanted = job.query.status;
  const auto other = [wanted](const ListEntry& entry) { return entry.status != wanted; };
  if (wanted != records::UNKNOWN) std::erase_if(answer.page.entries, other);
  reads_done_.push_back({job.cookie, std::move(answer.status), std::move(answer.page)});
  return {};
}

}  // namespace penstock::queue
