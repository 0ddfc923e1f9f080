// Events between runs, as the worker's side of the link knows them: what runs emit and listen for.
#include <algorithm>

#include "executor/flow/schedule.h"
#include "executor/link/worker.h"
#include "proto/limits.h"

namespace penstock::executor {

void Worker::emit(RunNumber number, const Run& run, const flow::Emit& emit) {
  std::string event = emit.event.dump();
  if (event.size() > limits::event_bytes_max) {
    return answer_later(number, emit.ordinal,
                        flow::Error::of(flow::ErrorKind::kRuntime,
                                        "the event is larger than " +
                                            std::to_string(limits::event_bytes_max) + " bytes"));
  }
  worker::Emit& sent = *outgoing(event.size() + 64).add_emits();
  sent.set_run(std::string(run.id.raw()));
  sent.set_fence(run.fence);
  sent.set_ordinal(emit.ordinal);
  sent.set_event(std::move(event));
}

void Worker::emitted(const worker::Emitted& emitted) {
  RunNumber number = 0;
  if (!find(emitted.run(), emitted.fence(), &number)) return;
  if (emitted.refused().empty()) return answer_later(number, emitted.ordinal(), json::Value());
  answer_later(number, emitted.ordinal(), flow::Error::answered(503, emitted.refused()));
}

void Worker::listen(const Run& run, const flow::Listen& listen) {
  worker::ListenFor& sent = *outgoing(256).add_listens();
  sent.set_run(std::string(run.id.raw()));
  sent.set_fence(run.fence);
  sent.set_ordinal(listen.ordinal);
  *sent.mutable_filters() = flow::filters_of(std::get<flow::ListenBody>(listen.node->body));
}

void Worker::unlisten(const Run& run, flow::Ordinal ordinal) {
  worker::ListenFor& sent = *outgoing(64).add_listens();
  sent.set_run(std::string(run.id.raw()));
  sent.set_fence(run.fence);
  sent.set_ordinal(ordinal);
  sent.set_over(true);
}

// What earlier attempts left unheard. The machine knows from its journal what it is past.
void Worker::take_inbox(RunNumber number, Run& run, const worker::Dispatch& dispatch) {
  run.offered = run.heard = dispatch.inbox_from();
  uint32_t sequence = dispatch.inbox_from();
  for (const std::string& bytes : dispatch.inbox()) {
    records::InboxRecord record;
    if (record.ParseFromString(bytes))
      offer(number, run, sequence, record.event(), record.ordinals());
    sequence++;
  }
}

void Worker::heard(const worker::Heard& heard) {
  RunNumber number = 0;
  Run* run = find(heard.run(), heard.fence(), &number);
  if (!run || heard.sequence() < run->offered) return;
  offer(number, *run, heard.sequence(), heard.event(), heard.ordinals());
  settle(number);
}

void Worker::offer(RunNumber number, Run& run, uint32_t sequence, const std::string& event,
                   const google::protobuf::RepeatedField<uint32_t>& ordinals) {
  const Result<json::Value> value = parser_.parse(event);
  if (value) {  // the gateway keeps only JSON
    for (const uint32_t ordinal : ordinals)
      apply(number, run,
            run.machine->complete(ordinal, flow::Heard{*value, sequence}, clock_.wall_ms()));
  }
  run.offered = sequence + 1;  // only now: another of its listeners may still want it
}

// What is taken up is in the journal, or was not wanted: the gateway need not keep it.
void Worker::note_heard(Run& run) {
  if (run.machine->caught_up()) run.heard = run.offered;
}

// True: the run is not ours any more.
bool Worker::settle_listening(RunNumber number, Run& run) {
  note_heard(run);
  const std::optional<uint64_t> until = run.machine->listening_until();
  if (!until || run.lingers) return false;
  if (*until && *until <= clock_.wall_ms() + limits::park_ms_min) return false;
  if (runs_.size() * 2 > options_.slots || draining_) {
    park(number, run, *until);
    return true;
  }
  run.lingers = true;
  lingering_.push_back({clock_.monotonic_ms() + limits::listen_linger_ms, number});
  return false;
}

// Those that have listened long enough in vain leave their slots.
void Worker::let_go() {
  const uint64_t now_ms = clock_.monotonic_ms();
  while (!lingering_.empty() && lingering_.front().until_ms <= now_ms) {
    const RunNumber number = lingering_.front().run;
    lingering_.pop_front();
    auto found = runs_.find(number);
    if (found == runs_.end()) continue;
    Run& run = found->second;
    run.lingers = false;
    const std::optional<uint64_t> until = run.machine->listening_until();
    if (!until || (*until && *until <= clock_.wall_ms() + limits::park_ms_min)) continue;
    if (run.active_ms + limits::listen_linger_ms <= now_ms) {
      park(number, run, *until);
    } else {
      run.lingers = true;
      lingering_.push_back({run.active_ms + limits::listen_linger_ms, number});
    }
  }
}

void Worker::park(RunNumber number, const Run& run, uint64_t wake_at_ms) {
  worker::Park& park = *outgoing(64).add_parks();
  park.set_run(std::string(run.id.raw()));
  park.set_fence(run.fence);
  park.set_wake_at_ms(wake_at_ms);
  park.set_heard(run.heard);
  drop(number);
}

void Worker::matchable(const worker::Definition& definition) {
  for (const worker::Match& one : std::exchange(matching_, {})) {
    const bool named = one.workflow() == definition.name() && one.version() == definition.version();
    if (named && definition.missing())
      outgoing(64).add_matched()->set_cookie(one.cookie());
    else
      match(one);
  }
}

void Worker::match(const worker::Match& match) {
  const ProgramCache::Entry* entry = programs_.find(match.workflow(), match.version());
  if (!entry) {
    matching_.push_back(match);
    worker::DefinitionWanted& wanted = *outgoing(64).add_wanted();
    wanted.set_name(match.workflow());
    wanted.set_version(match.version());
    return;
  }
  worker::Matched& answer = *outgoing(64).add_matched();
  answer.set_cookie(match.cookie());
  Result<json::Value> event = parser_.parse(match.event());
  if (!entry->ok() || !event) return;
  flow::StartMatch found = flow::match_start(***entry, *event, runner_, clock_.wall_ms());
  answer.mutable_filters()->Add(found.filters.begin(), found.filters.end());
  answer.set_correlation(std::move(found.correlation));
}

}  // namespace penstock::executor
