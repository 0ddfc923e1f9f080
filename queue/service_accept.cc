// The service's way in: refusals, copies, and one run or several for a delivery.
#include "queue/service_impl.h"

namespace penstock::queue {

std::optional<DedupKey> ServiceImpl::key_of(const records::EventMeta& meta) const {
  // A sample starts no run, so its copy after activation is the first that counts; a replay is
  // meant to be a second one.
  if (meta.dedup_key().empty() || meta.captured() || !meta.replay_of().empty())
    return std::nullopt;
  return dedup_key_of(meta.trigger(), meta.dedup_key());
}

std::variant<Id, Rejected> ServiceImpl::accept(NewEvent event, Cookie cookie) {
  if (auto refused = refusal(event.meta.captured(), event.body.size(), event.from_within))
    return *std::move(refused);
  const auto key = key_of(event.meta);
  if (!key) return admit(std::move(event), nullptr, cookie);
  if (queue_.dedup().full())
    return Rejected{Code::kQueueFull, "Too many dedup keys are remembered.", 60};
  const auto asked = asked_.find(*key);
  Id first;
  const KeyState state = asked != asked_.end()
                             ? KeyState::kAsked
                             : queue_.look_at_key(*key, event.meta.body_sha256(), false, cookie,
                                                  now(), first);
  if (state == KeyState::kTaken) return first;
  if (state == KeyState::kNew) return admit(std::move(event), &*key, cookie);
  const size_t bytes = event.body.size();
  pending_events_++;
  pending_bytes_ += bytes;
  asked_[*key].push_back({std::move(event), cookie, bytes});
  return Id();
}

Id ServiceImpl::admit(NewEvent event, const DedupKey* key, Cookie cookie) {
  Accepted accepted{cookie, Id()};
  std::vector<std::pair<records::EventMeta, Body>> more;
  const bool starts_runs = !event.meta.captured() && event.meta.replay_of().empty();
  for (const WorkflowRef& workflow : event.fan_out) {
    if (!starts_runs) break;
    records::EventMeta meta = event.meta;
    meta.set_workflow(workflow.name);
    meta.set_workflow_version(workflow.version);
    more.emplace_back(std::move(meta), Body(event.body.view()));
  }
  std::optional<records::DedupRecord> record;
  if (key) {
    record.emplace();
    const uint64_t ttl_ms = event.meta.dedup_ttl_ms();
    record->set_expires_at_ms(ttl_ms ? ttl_ms : limits::dedup_ttl_ms);
    record->set_body_sha256(event.meta.body_sha256());
  }
  const auto accept = [&](const records::EventMeta& meta, Body body) {
    return accept_one(meta, meta.SerializeAsString(), std::move(body), labels_of(meta),
                      event.memory_only);
  };
  accepted.id = accept(event.meta, std::move(event.body));
  for (auto& [meta, body] : more) {
    meta.set_fan_out_of(std::string(accepted.id.raw()));
    accepted.more.push_back(accept(meta, std::move(body)));
    if (record) record->add_more_ids(std::string(accepted.more.back().raw()));
  }
  const Id id = accepted.id;
  if (record) {
    record->set_id(std::string(id.raw()));
    queue_.claim_key(*key, *std::move(record), event.memory_only, now());
  }
  queue_.acknowledge(std::move(accepted), event.memory_only);
  return id;
}

std::pair<size_t, std::optional<Rejected>> ServiceImpl::accept_batch(
    const records::EventMeta& shared, std::vector<BatchItem>& items, bool memory_only) {
  const std::string meta = shared.SerializeAsString();
  const RunLabels labels = labels_of(shared);
  size_t taken = 0;
  for (BatchItem& item : items) {
    if (auto refused = refusal(shared.captured(), item.body.size())) return {taken, refused};
    // Two serialized messages one behind the other are the one merged into the other.
    const Id id = accept_one(shared, item.meta.empty() ? meta : meta + item.meta,
                             std::move(item.body), labels, memory_only);
    queue_.acknowledge({item.cookie, id}, memory_only);
    taken++;
  }
  return {taken, std::nullopt};
}

Status ServiceImpl::answered(const ReadKey& job, KeyAnswer answer, Now now) {
  PENSTOCK_TRY(queue_.key_read(job, std::move(answer)));
  auto waiting = asked_.extract(job.key);
  if (waiting.empty()) return {};
  for (Asked& asked : waiting.mapped()) {
    pending_events_--;
    pending_bytes_ -= asked.bytes;
    Id first;
    const KeyState state = queue_.look_at_key(job.key, asked.event.meta.body_sha256(), true,
                                              asked.cookie, now, first);
    if (state == KeyState::kNew) admit(std::move(asked.event), &job.key, asked.cookie);
  }
  return {};
}

}  // namespace penstock::queue
