#include "gateway/workers/hub.h"

#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

struct WorkerHub::Listener {
  WorkerHub& hub;
  bool local;
  std::string token;
  std::shared_ptr<TlsContext> tls;
  union {
    uv_handle_t any;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
  } handle;

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle.any); }
};

WorkerHub::WorkerHub(uv_loop_t* loop, const Catalog& catalog, const Clock& clock, Logger& log)
    : loop_(loop),
      catalog_(catalog),
      clock_(clock),
      log_(log),
      pieces_(
          [this](Id id, uint64_t fence, records::StreamPiece piece) {
            queue_->piece(0, id, fence, std::move(piece));
          },
          [this](Id id) { return stream_rules(id); }),
      read_buffer_(256 * 1024) {}

WorkerHub::~WorkerHub() = default;

static Status listen_fault(const std::string& where, int error) {
  return Status::io("cannot listen for executors on " + where + ": " + uv_strerror(error));
}

Status WorkerHub::listen_unix(const std::string& path) {
  unlink(path.c_str());  // left by a gateway that was killed; the data folder's lock is ours
  auto listener = std::unique_ptr<Listener>(new Listener{*this, true, {}, {}, {}});
  uv_pipe_init(loop_, &listener->handle.pipe, 0);
  listener->handle.any.data = listener.get();
  Listener& kept = *listeners_.emplace_back(std::move(listener));
  int error = uv_pipe_bind(&kept.handle.pipe, path.c_str());
  if (error == 0) error = chmod(path.c_str(), 0600) == 0 ? 0 : UV_EACCES;
  if (error == 0) error = uv_listen(kept.stream(), 128, &on_connection);
  return error == 0 ? Status() : listen_fault(path, error);
}

Status WorkerHub::listen_tcp(const Address& address, std::string token,
                             std::shared_ptr<TlsContext> tls) {
  sockaddr_storage storage{};
  auto* any = reinterpret_cast<sockaddr*>(&storage);
  if (uv_ip4_addr(address.host.c_str(), address.port, reinterpret_cast<sockaddr_in*>(any)) != 0 &&
      uv_ip6_addr(address.host.c_str(), address.port, reinterpret_cast<sockaddr_in6*>(any)) != 0)
    return Status::invalid("worker_listen needs a literal address, not " + address.host);
  auto listener = std::unique_ptr<Listener>(new Listener{*this, false, std::move(token), std::move(tls), {}});
  uv_tcp_init(loop_, &listener->handle.tcp);
  listener->handle.any.data = listener.get();
  Listener& kept = *listeners_.emplace_back(std::move(listener));
  int error = uv_tcp_bind(&kept.handle.tcp, any, 0);
  if (error == 0) error = uv_listen(kept.stream(), 128, &on_connection);
  return error == 0 ? Status() : listen_fault(address.text(), error);
}

void WorkerHub::on_connection(uv_stream_t* stream, int status) {
  Listener& listener = *static_cast<Listener*>(stream->data);
  if (status == 0) listener.hub.accept(listener);
}

void WorkerHub::accept(Listener& listener) {
  const uint32_t id = ++last_worker_;
  auto worker = std::make_unique<Worker>(*this, id, listener.local, listener.tls);
  worker->open(loop_);
  worker->heard_at_ms = clock_.monotonic_ms();
  worker->info.connected_at_ms = clock_.wall_ms();
  Worker& kept = *workers_.emplace(id, std::move(worker)).first->second;
  if (uv_accept(listener.stream(), kept.stream()) != 0) return kept.stop();
  kept.required_token = listener.token;
  kept.start_reading();
}

Worker* WorkerHub::find(uint32_t id) {
  const auto found = workers_.find(id);
  const bool serving =
      found != workers_.end() && found->second->state == Worker::State::kServing;
  return serving ? found->second.get() : nullptr;
}

static bool token_fits(const std::string& required, const std::string& shown) {
  return required.empty() || (required.size() == shown.size() &&
                              CRYPTO_memcmp(required.data(), shown.data(), shown.size()) == 0);
}

void WorkerHub::greet(Worker& worker, const worker::Hello& hello) {
  worker::Welcome& welcome = *worker.outgoing().mutable_welcome();
  if (hello.protocol() != 1) welcome.set_refused("this gateway speaks protocol 1");
  else if (!token_fits(worker.required_token, hello.token())) welcome.set_refused("wrong token");
  else if (hello.slots() == 0) welcome.set_refused("a worker needs at least one slot");
  if (!welcome.refused().empty()) {
    const std::string why = welcome.refused();
    worker.flush();
    return on_lost(worker, "refused: " + why);
  }
  welcome.set_worker(worker.info.id);
  welcome.set_heartbeat_ms(limits::heartbeat_ms);
  welcome.set_lease_ms(limits::lease_ms);
  worker.info.name = hello.name().substr(0, limits::name_bytes_max);
  worker.info.version = hello.version().substr(0, limits::name_bytes_max);
  worker.info.pid = hello.pid();
  worker.info.slots = std::min<uint32_t>(hello.slots(), 100'000);
  worker.state = Worker::State::kServing;
  log_.info("executor connected", {{"executor", worker.info.id},
                                   {"name", worker.info.name},
                                   {"pid", worker.info.pid},
                                   {"slots", worker.info.slots}});
  if (secrets_.values_size() > 0) send_secrets(worker);
  if (!draining_) queue_->worker_joined(worker.info.id, worker.info.slots);
  send_lints();
  send_matches();
  send_screens();
}

void WorkerHub::on_frame(Worker& worker, worker::Frame& frame) {
  worker.heard_at_ms = clock_.monotonic_ms();
  if (worker.state == Worker::State::kGreeting) {
    if (frame.has_hello()) return greet(worker, frame.hello());
    return on_lost(worker, "it spoke before its Hello");
  }
  queue_->worker_alive(worker.info.id);
  on_runs(worker, frame);
  if (frame.has_heartbeat()) {
    worker.info.running = frame.heartbeat().running();
    worker.info.rss_bytes = frame.heartbeat().rss_bytes();
  }
  for (const auto& wanted : frame.wanted())
    send_definition(worker, wanted.name(), wanted.version());
  for (auto& report : *frame.mutable_lint_reports()) {
    auto job = lints_.extract(report.cookie());
    if (!job.empty()) job.mapped().then(std::move(report));
  }
  if (frame.screened_size() > 0) on_screened(worker, frame);
}

static bool is_streamed(const std::string& type) {
  return type == "delta" || type == "task" || type == "status" || type == "restart";
}

PieceGather::Rules WorkerHub::stream_rules(Id id) const {
  PieceGather::Rules rules{limits::stream_bytes, limits::stream_ms};
  const auto live = queue_->live(id);
  const TriggerPtr trigger = live ? catalog_.trigger(live->trigger) : nullptr;
  if (!trigger) return rules;
  if (trigger->replies().stream_bytes()) rules.bytes = trigger->replies().stream_bytes();
  if (trigger->replies().stream_ms()) rules.ms = trigger->replies().stream_ms();
  return rules;
}

void WorkerHub::on_pieces(Worker& worker, worker::Frame& frame) {
  const uint64_t now = clock_.monotonic_ms();
  for (auto& piece : *frame.mutable_pieces()) {
    if (piece.run().size() != 16 || !is_streamed(piece.type())) continue;
    records::StreamPiece kept;
    kept.set_type(std::move(*piece.mutable_type()));
    kept.set_data(std::move(*piece.mutable_data()));
    kept.set_ordinal(piece.ordinal());
    pieces_.add(worker.info.id, Id::from_raw(piece.run()), piece.fence(), std::move(kept), now);
  }
}

void WorkerHub::on_runs(Worker& worker, worker::Frame& frame) {
  const uint32_t from = worker.info.id;
  const auto names_run = [](const std::string& run) { return run.size() == 16; };
  // What is gathered of a run is kept before anything else is said of it.
  const uint64_t now = clock_.monotonic_ms();
  on_pieces(worker, frame);
  for (auto& append : *frame.mutable_appends()) {
    if (!names_run(append.run())) continue;
    pieces_.flush(Id::from_raw(append.run()), now);
    queue_->journal(from, Id::from_raw(append.run()), append.fence(), append.sequence(),
                    std::move(*append.mutable_record()), append.heard());
  }
  for (const auto& reply : frame.replies()) {
    if (!names_run(reply.run())) continue;
    pieces_.flush(Id::from_raw(reply.run()), now);
    queue_->early_reply(from, Id::from_raw(reply.run()), reply.fence(), reply.outcome());
  }
  on_events(worker, frame);
  for (const auto& park : frame.parks()) {
    if (!names_run(park.run())) continue;
    pieces_.flush(Id::from_raw(park.run()), now);
    pieces_.forget(Id::from_raw(park.run()));
    queue_->park(from, Id::from_raw(park.run()), park.fence(), park.wake_at_ms(), park.heard());
  }
  for (auto& finished : *frame.mutable_finished()) {
    if (!names_run(finished.run())) continue;
    worker.info.finished++;
    pieces_.flush(Id::from_raw(finished.run()), now);
    pieces_.forget(Id::from_raw(finished.run()));
    queue_->finished(from, Id::from_raw(finished.run()), finished.fence(),
                     std::move(*finished.mutable_outcome()));
  }
}

void WorkerHub::on_lost(Worker& worker, const std::string& why) {
  if (worker.state == Worker::State::kStopped) return;
  const bool served = worker.state == Worker::State::kServing;
  worker.stop();
  if (!served) return;
  log_.log(draining_ ? LogLevel::kInfo : LogLevel::kWarn,
           draining_ ? "executor left" : "executor lost",
           {{"executor", worker.info.id},
            {"name", worker.info.name},
            {"pid", worker.info.pid},
            {"why", why}});
  pieces_.forget_worker(worker.info.id);
  queue_->worker_gone(worker.info.id);
  for (auto& [cookie, job] : lints_)
    if (job.worker == worker.info.id) job.worker = 0;  // another one may know
  for (const auto& [cookie, job] : matches_)
    if (job.worker == worker.info.id) unsent_matches_.push_back(cookie);
  send_matches();
  for (const ScreenJobs::Then& then : screens_.worker_gone(worker.info.id))
    then(Status::unavailable("the executors that looked at this event were lost"));
  send_screens();
}

void WorkerHub::send_definition(Worker& worker, const std::string& name, uint32_t version) {
  const WorkflowPtr workflow = catalog_.any_workflow(name, version);
  worker::Definition& sent = *worker.outgoing().add_definitions();
  sent.set_name(name);
  sent.set_version(workflow ? workflow->version() : version);
  if (workflow) sent.set_source(workflow->source());
  else sent.set_missing(true);
}

void WorkerHub::dispatch(const queue::Dispatch& dispatch) {
  Worker* worker = find(dispatch.worker);
  if (!worker) return;  // its loss was told to the queue, which will dispatch anew
  records::EventMeta meta;
  meta.ParseFromString(dispatch.event->meta);
  const auto key = std::pair(meta.workflow(), meta.workflow_version());
  if (worker->definitions.insert(key).second)
    send_definition(*worker, meta.workflow(), meta.workflow_version());
  worker::Dispatch& sent = *worker->outgoing().add_dispatches();
  sent.set_run(std::string(dispatch.event->id.raw()));
  sent.set_fence(dispatch.fence);
  sent.set_attempt(dispatch.attempt);
  sent.set_workflow(meta.workflow());
  sent.set_workflow_version(meta.workflow_version());
  sent.set_meta(dispatch.event->meta);
  sent.set_body(dispatch.event->body.data(), dispatch.event->body.size());
  for (const std::string& record : dispatch.journal) sent.add_journal(record);
  for (const std::string& piece : dispatch.pieces) sent.add_pieces(piece);
  for (const std::string& event : dispatch.inbox) sent.add_inbox(event);
  sent.set_inbox_from(dispatch.inbox_from);
}

void WorkerHub::stored(const queue::JournalStored& stored) {
  Worker* worker = find(stored.worker);
  if (!worker) return;
  worker::JournalStored& sent = *worker->outgoing().add_stored();
  sent.set_run(std::string(stored.id.raw()));
  sent.set_fence(stored.fence);
  sent.set_sequence(stored.sequence);
}

void WorkerHub::cancel(const queue::CancelRun& cancel) {
  pieces_.forget(cancel.id);
  Worker* worker = find(cancel.worker);
  if (!worker) return;
  worker::Cancel& sent = *worker->outgoing().add_cancels();
  sent.set_run(std::string(cancel.id.raw()));
  sent.set_fence(cancel.fence);
}

void WorkerHub::send_secrets(Worker& worker) {
  if (worker.is_private()) {
    *worker.outgoing().mutable_secrets() = secrets_;
    return;
  }
  log_.warn("secrets are not sent to an executor that is connected without TLS",
            {{"executor", worker.info.id}, {"name", worker.info.name}});
}

void WorkerHub::set_secrets(worker::SecretSet secrets) {
  secrets_ = std::move(secrets);
  for (auto& [id, worker] : workers_)
    if (worker->state == Worker::State::kServing) send_secrets(*worker);
}

void WorkerHub::lint(std::string source, OnLint then) {
  const uint64_t cookie = ++last_lint_;
  lints_.emplace(cookie, LintJob{std::move(source), std::move(then),
                                 clock_.monotonic_ms() + lint_ms_max});
  send_lints();
}

void WorkerHub::send_lints() {
  Worker* free = nullptr;
  for (auto& [id, worker] : workers_)
    if (worker->state == Worker::State::kServing) free = worker.get();
  if (!free) return;
  for (auto& [cookie, job] : lints_) {
    if (job.worker != 0) continue;
    job.worker = free->info.id;
    worker::Lint& sent = *free->outgoing().add_lints();
    sent.set_cookie(cookie);
    sent.set_source(job.source);
  }
}

void WorkerHub::fail_lints(uint64_t now) {
  std::vector<OnLint> late;
  for (auto it = lints_.begin(); it != lints_.end();) {
    if (it->second.deadline_ms > now) {
      ++it;
      continue;
    }
    late.push_back(std::move(it->second.then));
    it = lints_.erase(it);
  }
  for (const OnLint& then : late)
    then(Status::unavailable("no executor answered in time; are any connected?"));
}

void WorkerHub::reap() {
  std::erase_if(workers_, [](const auto& entry) { return entry.second->closed(); });
}

uint64_t WorkerHub::turn() {
  const uint64_t now = clock_.monotonic_ms();
  const uint64_t gathered_ms = pieces_.turn(now);
  if (now < next_beat_ms_) return std::min(next_beat_ms_, gathered_ms);
  next_beat_ms_ = now + limits::heartbeat_ms;
  reap();
  for (auto& [id, worker] : workers_) {
    if (worker->state == Worker::State::kStopped) continue;
    if (worker->heard_at_ms + limits::lease_ms < now) {
      if (worker->local && on_silent_ && worker->info.pid) on_silent_(worker->info.pid);
      on_lost(*worker, "silent");
    } else if (worker->state == Worker::State::kServing) {
      worker->outgoing().mutable_heartbeat();
    }
  }
  send_lints();
  fail_lints(now);
  for (const ScreenJobs::Then& then : screens_.expire(now))
    then(Status::unavailable("no executor answered in time"));
  return std::min(next_beat_ms_, gathered_ms);
}

void WorkerHub::flush() {
  for (auto& [id, worker] : workers_) worker->flush();
}

void WorkerHub::drain() {
  draining_ = true;
  for (auto& [id, worker] : workers_) {
    if (worker->state != Worker::State::kServing) continue;
    worker->info.draining = true;
    queue_->worker_draining(id);
    worker->outgoing().mutable_drain();
  }
}

void WorkerHub::close() {
  for (auto& [id, worker] : workers_) worker->stop();
  for (auto& listener : listeners_)
    if (!uv_is_closing(&listener->handle.any)) uv_close(&listener->handle.any, nullptr);
}

std::vector<WorkerInfo> WorkerHub::list() const {
  std::vector<WorkerInfo> infos;
  for (const auto& [id, worker] : workers_)
    if (worker->state == Worker::State::kServing) infos.push_back(worker->info);
  std::sort(infos.begin(), infos.end(),
            [](const WorkerInfo& a, const WorkerInfo& b) { return a.id < b.id; });
  return infos;
}

size_t WorkerHub::connected() const { return list().size(); }

}  // namespace penstock::gateway
