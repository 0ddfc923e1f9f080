// Events between runs, as the gateway's side of the link carries them.
#include "gateway/workers/hub.h"

namespace penstock::gateway {

void WorkerHub::on_events(Worker& worker, worker::Frame& frame) {
  const uint32_t from = worker.info.id;
  for (auto& listen : *frame.mutable_listens()) {
    if (listen.run().size() != 16) continue;
    const Id run = Id::from_raw(listen.run());
    if (listen.over())
      queue_->unlisten(from, run, listen.fence(), listen.ordinal());
    else
      queue_->listen(from, run, listen.fence(), listen.ordinal(),
                     std::move(*listen.mutable_filters()));
  }
  for (auto& emit : *frame.mutable_emits())
    if (emit.run().size() == 16 && on_emit_) on_emit_(from, emit);
  for (const auto& matched : frame.matched()) {
    auto job = matches_.extract(matched.cookie());
    if (!job.empty()) job.mapped().then(matched);
  }
}

void WorkerHub::heard(const queue::Heard& heard) {
  Worker* worker = find(heard.worker);
  if (!worker) return;
  worker::Heard& sent = *worker->outgoing().add_heard();
  sent.set_run(std::string(heard.id.raw()));
  sent.set_fence(heard.fence);
  sent.set_sequence(heard.sequence);
  sent.set_event(heard.record->event());
  *sent.mutable_ordinals() = heard.record->ordinals();
}

void WorkerHub::emitted(const queue::Emitted& emitted) {
  Worker* worker = find(emitted.worker);
  if (!worker) return;
  worker::Emitted& sent = *worker->outgoing().add_emitted();
  sent.set_run(std::string(emitted.id.raw()));
  sent.set_fence(emitted.fence);
  sent.set_ordinal(emitted.ordinal);
}

void WorkerHub::refuse_emit(uint32_t id, const worker::Emit& emit, const std::string& why) {
  Worker* worker = find(id);
  if (!worker) return;
  worker::Emitted& sent = *worker->outgoing().add_emitted();
  sent.set_run(emit.run());
  sent.set_fence(emit.fence());
  sent.set_ordinal(emit.ordinal());
  sent.set_refused(why);
}

void WorkerHub::match(worker::Match match, OnMatched then) {
  const uint64_t cookie = ++last_match_;
  match.set_cookie(cookie);
  matches_.emplace(cookie, MatchJob{std::move(match), std::move(then)});
  unsent_matches_.push_back(cookie);
  send_matches();
}

Worker* WorkerHub::any_worker() {
  for (auto& [id, worker] : workers_)
    if (worker->state == Worker::State::kServing) return worker.get();
  return nullptr;
}

void WorkerHub::send_matches() {
  Worker* free = any_worker();
  if (!free) return;
  for (const uint64_t cookie : std::exchange(unsent_matches_, {})) {
    const auto job = matches_.find(cookie);
    if (job == matches_.end()) continue;
    job->second.worker = free->info.id;
    *free->outgoing().add_matches() = job->second.match;
  }
}

}  // namespace penstock::gateway
