#include "queue/service_impl.h"

#include <algorithm>
#include <cmath>

namespace penstock::queue {

ServiceImpl::ServiceImpl(ServiceOptions options, const Clock& clock, ServiceParts parts)
    : options_(std::move(options)),
      clock_(clock),
      store_(std::move(parts.store)),
      queue_(options_, parts.recovered, now()),
      ids_(clock),
      commits_(std::move(parts.commits)),
      reads_(std::move(parts.reads)) {
  const std::string& last = parts.recovered.position.last_id();
  if (!last.empty()) ids_.raise_to(Id::from_raw(last));
}

uint32_t ServiceImpl::retry_after_s() const {
  static constexpr double kRoomEvents = 1000;  // come back when about this many have gone
  static constexpr double kUnknownS = 10, kMaxS = 60;
  const double rate = drain_rate();
  const double seconds = rate > 0 ? std::ceil(kRoomEvents / rate) : kUnknownS;
  return static_cast<uint32_t>(std::clamp(seconds, 1.0, kMaxS));
}

std::optional<Rejected> ServiceImpl::refusal(bool captured, size_t body_bytes,
                                             bool from_within) const {
  if (draining_ && !from_within)
    return Rejected{Code::kDraining, "The gateway is shutting down.", 5};
  if (!writable())
    return Rejected{Code::kStorageUnavailable, "The disk does not take events now.", 5};
  if (body_bytes > limits::body_bytes_ceiling)
    return Rejected{Code::kPayloadTooLarge, "The body is larger than can be stored."};
  if (pending_events_ >= limits::commit_backlog_events_max ||
      pending_bytes_ >= limits::commit_backlog_bytes_max)
    return Rejected{Code::kQueueFull, "Too many events wait for the disk.", 1};
  if (!captured && queue_.unended() >= options_.queue_events_max)
    return Rejected{Code::kQueueFull, "Too many events wait for an executor.", retry_after_s()};
  return std::nullopt;
}

Id ServiceImpl::accept_one(const records::EventMeta& facts, std::string meta, Body body,
                           RunLabels labels, bool memory_only) {
  auto event = std::make_shared<Event>();
  event->id = ids_.next();
  event->captured = facts.captured();
  event->filtered = facts.filtered();
  event->meta = std::move(meta);
  event->body = std::move(body);
  pending_events_++;
  pending_bytes_ += event->meta.size() + event->body.size();
  const Id id = event->id;
  queue_.accept(std::move(event), std::move(labels), memory_only, now());
  return id;
}

void ServiceImpl::worker_joined(WorkerId worker, uint32_t slots) {
  queue_.worker_joined(worker, slots, now());
}
void ServiceImpl::worker_alive(WorkerId worker) { queue_.worker_alive(worker, now()); }
void ServiceImpl::worker_draining(WorkerId worker) { queue_.worker_draining(worker); }
void ServiceImpl::worker_gone(WorkerId worker) { queue_.worker_gone(worker, now()); }

// The fence alone says whose word counts: no two leases share one.
void ServiceImpl::finished(WorkerId, Id id, uint64_t fence, records::Outcome outcome) {
  queue_.finished(id, fence, std::move(outcome), now());
}
void ServiceImpl::journal(WorkerId, Id id, uint64_t fence, uint32_t sequence,
                          std::string record, uint32_t heard) {
  queue_.journal(id, fence, sequence, std::move(record), heard, now());
}
void ServiceImpl::piece(WorkerId, Id id, uint64_t fence, records::StreamPiece piece) {
  queue_.piece(id, fence, std::move(piece), now());
}
void ServiceImpl::early_reply(WorkerId, Id id, uint64_t fence, const records::Outcome& outcome) {
  queue_.early_reply(id, fence, outcome, now());
}
void ServiceImpl::park(WorkerId, Id id, uint64_t fence, uint64_t wake_at_ms, uint32_t heard) {
  queue_.park(id, fence, wake_at_ms, heard, now());
}
void ServiceImpl::listen(WorkerId, Id id, uint64_t fence, uint32_t ordinal,
                         records::EventFilters filters) {
  queue_.listen(id, fence, ordinal, std::move(filters), now());
}
void ServiceImpl::unlisten(WorkerId, Id id, uint64_t fence, uint32_t ordinal) {
  queue_.unlisten(id, fence, ordinal);
}
void ServiceImpl::publish(const CloudEvent& event) { queue_.publish(event, now()); }
void ServiceImpl::emitted(WorkerId, Id id, uint64_t fence, uint32_t ordinal) {
  queue_.emitted(id, fence, ordinal);
}
void ServiceImpl::signal(Id id, const CloudEvent& event, Cookie cookie) {
  queue_.signal(id, event, cookie, now());
}
void ServiceImpl::cancel(Id id, Cookie cookie) { queue_.cancel(id, cookie, now()); }
void ServiceImpl::define(std::vector<StoredDefinition> definitions, Cookie cookie) {
  queue_.define(std::move(definitions), cookie);
}

void ServiceImpl::drain() {
  draining_ = true;
  queue_.drain();
}

Status ServiceImpl::take_durable() {
  const Ticket durable = commits_->durable();
  queue_.durable(durable);
  gate_.open(durable);
  for (; !in_flight_.empty() && in_flight_.front().ticket <= durable; in_flight_.pop_front()) {
    pending_events_ -= in_flight_.front().events;
    pending_bytes_ -= in_flight_.front().bytes;
  }
  return commits_->fault();
}

void ServiceImpl::hand_over() {
  for (GatedAction& gated : queue_.take_actions())
    gate_.hold(gated.needs, std::move(gated.action));
  for (ReadJob& job : queue_.take_reads()) reads_->push(std::move(job));
  if (auto batch = queue_.close_batch()) {
    in_flight_.push_back({batch->ticket, batch->events.size(), batch->event_bytes});
    commits_->push(*std::move(batch));
  }
}

Result<uint64_t> ServiceImpl::turn() {
  const Now time = now();
  if (fault_.ok()) fault_ = take_durable();
  if (fault_.ok()) fault_ = take_replies(time);
  if (!fault_.ok()) {
    gate_.drop();
    return fault_;
  }
  const uint64_t next_ms = queue_.tick(time);
  hand_over();
  drained_.update(queue_.counts().ended, time.monotonic_ms);
  return next_ms;
}

ServiceMetrics ServiceImpl::metrics() const {
  ServiceMetrics metrics;
  CommitCounts commits = commits_->counts();
  metrics.commits = commits.commits;
  metrics.committed_events = commits.events;
  metrics.committed_bytes = commits.bytes;
  metrics.fsync_us_sum = commits.write_us_sum;
  metrics.fsync_us_max = commits.write_us_max;
  metrics.fsync_us_log2 = std::move(commits.write_us_log2);
  metrics.backlog_events = pending_events_;
  metrics.backlog_bytes = pending_bytes_;
  const Id oldest = queue_.oldest_queued();
  const uint64_t wall_ms = clock_.wall_ms();
  if (!oldest.is_zero() && oldest.time_ms() < wall_ms)
    metrics.oldest_queued_ms = wall_ms - oldest.time_ms();
  metrics.workers = queue_.workers().count();
  metrics.slots = queue_.workers().slots();
  metrics.slots_used = queue_.workers().slots_used();
  metrics.retries = queue_.counts().retries;
  metrics.leases_lost = queue_.counts().leases_lost;
  metrics.stale_results = queue_.counts().stale_results;
  metrics.held = queue_.flow().held();
  metrics.duplicates = queue_.counts().duplicates;
  metrics.keys_reused = queue_.counts().keys_reused;
  metrics.dedup_keys = queue_.dedup().keys();
  metrics.dedup_bytes = queue_.dedup().bytes();
  metrics.dedup_reads = queue_.counts().key_reads;
  metrics.published = queue_.counts().published;
  metrics.disk_bytes = store_->disk_bytes();
  return metrics;
}

}  // namespace penstock::queue
