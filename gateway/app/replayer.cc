#include "gateway/app/replayer.h"

#include "gateway/app/screening.h"

namespace penstock::gateway {

void Replayer::prepare(Id id, Then then) {
  const auto cookie =
      context_.pending.read([this, id, then = std::move(then)](queue::ReadDone& done) {
        if (done.status.ok()) return prepared(id, std::get<queue::RunRead>(done.value), then);
        then(Rejected{Code::kInternal, "cannot read: " + done.status.message()});
      });
  context_.queue.read_run(id, false, cookie);
}

void Replayer::prepared(Id id, const queue::RunRead& read, const Then& then) {
  records::EventMeta stored;
  if (!read.event || !stored.ParseFromString(read.event->meta))
    return then(
        Rejected{Code::kUnknownRun, "No event has this id, or it is older than what is kept."});
  const TriggerPtr trigger = context_.catalog.trigger(stored.trigger());
  const bool own = trigger && !trigger->workflow().empty();
  const std::string name = own ? trigger->workflow() : stored.workflow();
  const WorkflowPtr workflow =
      context_.catalog.workflow(name, own ? trigger->workflow_version() : 0);
  if (!workflow)
    return then(Rejected{Code::kConflict,
                         name.empty() ? "Its trigger has no workflow yet."
                                      : "The workflow " + name + " of this event is gone."});
  const std::string before = stored.variables();
  records::EventMeta meta = as_fresh_run(std::move(stored));
  meta.set_workflow(name);
  meta.set_workflow_version(workflow->version());
  meta.set_replay_of(std::string(id.raw()));
  if (!trigger) meta.set_variables(before);  // nobody can map it anew
  queue::NewEvent event{std::move(meta), Body(read.event->body.view()), false};
  if (!trigger || !needs_screening(*trigger)) return then(std::move(event));
  worker::Screen wanted = screen_of(*trigger, event.meta, event.body.view());
  wanted.set_report(true);  // also of what the filter passes over
  auto held = std::make_shared<queue::NewEvent>(std::move(event));
  context_.workers.screen(std::move(wanted), [held, then](const Result<worker::Screened>& found) {
    if (!found.ok()) return then(Rejected{Code::kNoExecutor, found.status().message(), 1});
    map_event(*found, held->meta);
    held->meta.clear_dedup_key();  // a replay is asked for: it is no copy
    then(std::move(*held));
  });
}

}  // namespace penstock::gateway
