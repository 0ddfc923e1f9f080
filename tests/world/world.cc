#include "world.h"

#include <doctest/doctest.h>

#include "queue/recovery.h"

namespace penstock::world {

using namespace queue;

namespace {

/// The service owns a store; the world's outlives it.
class BorrowedStore final : public Store {
 public:
  explicit BorrowedStore(MemoryStore& store) : store_(store) {}
  Status write(const WriteSet& set, Sync sync) override { return store_.write(set, sync); }
  std::unique_ptr<View> view() const override { return store_.view(); }
  Result<uint64_t> heal() override { return store_.heal(); }
  Status tick() override { return {}; }
  bool writable() const override { return true; }
  uint64_t disk_bytes() const override { return 0; }

 private:
  MemoryStore& store_;
};

records::Outcome outcome(records::RunStatus status) {
  records::Outcome out;
  out.set_status(status);
  out.set_body("1");
  return out;
}

}  // namespace

World::World(uint64_t seed, ServiceOptions options, bool retention)
    : random_(seed), options_(std::move(options)), retention_(retention), ledger_(store_, retention) {
  options_.seed = seed + 1;
  open();
}

void World::open() {
  auto recovered = recover(store_);
  REQUIRE_MESSAGE(recovered.ok(), recovered.status().message());
  ServiceParts parts;
  parts.store = std::make_unique<BorrowedStore>(store_);
  parts.recovered = *std::move(recovered);
  newest_id_ = Id();
  if (!parts.recovered.position.last_id().empty())
    newest_id_ = Id::from_raw(parts.recovered.position.last_id());
  auto commits =
      std::make_unique<WorldCommits>(store_, parts.recovered.position.sequence());
  auto reads = std::make_unique<WorldReads>(store_);
  commits_ = commits.get();
  reads_ = reads.get();
  parts.commits = std::move(commits);
  parts.reads = std::move(reads);
  started_wall_ms_ = clock_.wall_ms();
  started_monotonic_ms_ = clock_.monotonic_ms();
  service_ = std::make_unique<ServiceImpl>(options_, clock_, std::move(parts));
  service_->set_flow("limited", limits_);
}

bool World::crash() {
  if (pick(2)) commits_->commit(1 + pick(4), false);  // on disk, but nobody was told
  service_.reset();
  for (const auto& [id, lease] : leases_) old_leases_.emplace_back(id, lease.fence);
  leases_.clear();
  workers_.clear();
  open();
  return true;
}

Id World::some_id() {
  // Half the time one of the newest, which are the likeliest to be under way.
  const size_t from = ids_.size() > 20 && pick(2) ? ids_.size() - 20 : 0;
  return ids_[from + pick(ids_.size() - from)];
}

bool World::accept(bool captured, bool memory_only, bool later, bool keyed) {
  NewEvent event;
  Sent sent;
  sent.body = std::string(pick(40) == 0 ? 5000 : pick(60), 'x') + std::to_string(ids_.size());
  sent.captured = captured;
  sent.memory_only = memory_only;
  sent.attempts_max = pick(3) == 0 ? 2 : 0;
  event.meta.set_trigger(pick(2) ? "a" : "b");
  event.meta.set_captured(captured);
  event.meta.set_attempts_max(sent.attempts_max);
  if (later) event.meta.set_not_before_ms(clock_.wall_ms() + pick(20'000));
  event.body = Body(sent.body);
  event.memory_only = memory_only;
  if (keyed) {
    sent.key = "k" + std::to_string(pick(12));
    event.meta.set_dedup_key(sent.key);
    event.meta.set_dedup_ttl_ms(1 + pick(4'000'000));
    event.meta.set_trigger("a");
    return accept_keyed(std::move(event), std::move(sent));
  }
  const auto answer = service_->accept(std::move(event), 1);
  if (!std::holds_alternative<Id>(answer)) return false;
  const Id id = std::get<Id>(answer);
  CHECK_MESSAGE(id > newest_id_, "ids must ascend, whatever the clock does");
  newest_id_ = id;
  ledger_.sent[id] = std::move(sent);
  ids_.push_back(id);
  return true;
}

bool World::accept_keyed(NewEvent event, Sent sent) {
  const uint64_t cookie = ++last_cookie_;
  sent.body += "." + std::to_string(cookie);
  sent.steady_ms = steady_ms();
  sent.ttl_ms = event.meta.dedup_ttl_ms();
  event.body = Body(sent.body);
  const auto answer = service_->accept(std::move(event), cookie);
  if (!std::holds_alternative<Id>(answer)) return false;
  ledger_.asked[cookie] = std::move(sent);
  const Id id = std::get<Id>(answer);
  if (id.is_zero() || ledger_.sent.count(id) || id <= newest_id_) return true;  // not decided, or a copy
  adopt(cookie, id);
  return true;
}

void World::adopt(uint64_t cookie, Id id) {
  if (!ledger_.adopt(cookie, id)) return;
  newest_id_ = std::max(newest_id_, id);
  ids_.push_back(id);
}

uint64_t World::steady_ms() const {
  return std::min(clock_.wall_ms(),
                  started_wall_ms_ + clock_.monotonic_ms() - started_monotonic_ms_);
}

bool World::accept_flow(bool lane) {
  NewEvent event;
  Sent sent;
  sent.body = "flow " + std::to_string(ids_.size());
  sent.lane = lane ? "l" + std::to_string(pick(3)) : "";
  event.meta.set_trigger(lane ? "laned" : "limited");
  event.meta.set_lane(sent.lane);
  if (!lane) {
    event.meta.set_concurrency_key(pick(2) ? "c" + std::to_string(pick(2)) : "");
    event.meta.set_priority(static_cast<uint32_t>(pick(3)));
  }
  event.body = Body(sent.body);
  const auto answer = service_->accept(std::move(event), 1);
  if (!std::holds_alternative<Id>(answer)) return false;
  newest_id_ = std::get<Id>(answer);
  ledger_.sent[newest_id_] = std::move(sent);
  ids_.push_back(newest_id_);
  return true;
}

void World::set_flow() {
  limits_.concurrency_max = static_cast<uint32_t>(pick(4));
  limits_.throttle_per_s = pick(2) ? 5 : 0;
  limits_.breaker_failures = pick(2) ? 2 : 0;
  limits_.breaker_open_ms = 2'000;
  service_->set_flow("limited", limits_);
}

void World::check_flow(const Dispatch& dispatch) const {
  const Sent& one = ledger_.sent.at(dispatch.event->id);
  if (one.lane.empty()) return;
  for (const auto& [id, lease] : leases_)
    CHECK_MESSAGE(ledger_.sent.at(id).lane != one.lane, "two of one lane at once");
  ledger_.check_lane(dispatch.event->id);
}

bool World::work(Event event) {
  if (leases_.empty()) return false;
  auto at = leases_.begin();
  std::advance(at, static_cast<long>(pick(leases_.size())));
  return work_on(event, at->first, at->second);
}

bool World::work_on(Event event, Id id, Lease& lease) {
  const Lease held = lease;
  switch (event) {
    case Event::kJournal:
      service_->journal(held.worker, id, held.fence, lease.journal,
                        "step " + std::to_string(held.fence) + "." + std::to_string(lease.journal));
      lease.journal++;
      return true;
    case Event::kJournalAgain:
      if (lease.journal == 0) return false;
      service_->journal(held.worker, id, held.fence, lease.journal - 1, "said again");
      return true;
    case Event::kPiece: {
      records::StreamPiece piece;
      piece.set_type(pick(4) ? "delta" : "task");
      piece.set_data(std::to_string(held.fence));
      service_->piece(held.worker, id, held.fence, std::move(piece));
      return true;
    }
    case Event::kReply:
      service_->early_reply(held.worker, id, held.fence, outcome(records::SUCCEEDED));
      return true;
    case Event::kFinish:
      service_->finished(held.worker, id, held.fence, outcome(records::SUCCEEDED));
      break;
    case Event::kFail:
      service_->finished(held.worker, id, held.fence, outcome(records::FAILED));
      break;
    case Event::kJournalGap:
      service_->journal(held.worker, id, held.fence, lease.journal + 1, "too far");
      break;
    default:
      service_->park(held.worker, id, held.fence, clock_.wall_ms() + pick(10'000));
      break;
  }
  old_leases_.emplace_back(id, held.fence);
  leases_.erase(id);
  return true;
}

bool World::cancel(Id id) {
  if (!ledger_.sent.at(id).acked) return false;  // nobody knows it yet
  service_->cancel(id, 9);
  return true;
}

bool World::happen(Event event) {
  switch (event) {
    case Event::kAccept: return accept(false, false, false);
    case Event::kAcceptCaptured: return accept(true, false, false);
    case Event::kAcceptMemory: return accept(false, true, false);
    case Event::kAcceptLater: return accept(false, false, true);
    case Event::kAcceptKeyed: return accept(false, false, false, true);
    case Event::kAcceptLane: return accept_flow(true);
    case Event::kAcceptUrgent: return accept_flow(false);
    case Event::kSetFlow: set_flow(); return true;
    case Event::kTurn: turn(); return true;
    case Event::kCommit: return commits_->commit(1 + pick(4), true);
    case Event::kRead: return reads_->read_one();
    case Event::kJoin:
      if (workers_.size() >= 4) return false;
      workers_[next_worker_] = true;
      service_->worker_joined(next_worker_++, static_cast<uint32_t>(1 + pick(4)));
      return true;
    case Event::kGone: {
      if (workers_.empty()) return false;
      const WorkerId gone = workers_.begin()->first;
      service_->worker_gone(gone);
      workers_.erase(gone);
      for (auto at = leases_.begin(); at != leases_.end();) {
        if (at->second.worker != gone) { ++at; continue; }
        old_leases_.emplace_back(at->first, at->second.fence);
        at = leases_.erase(at);
      }
      return true;
    }
    case Event::kDrainWorker:
      if (workers_.empty()) return false;
      service_->worker_draining(workers_.rbegin()->first);
      return true;
    case Event::kAlive:
      for (auto& [worker, heard] : workers_) {
        heard = true;
        service_->worker_alive(worker);
      }
      return !workers_.empty();
    case Event::kSilence:
      if (workers_.empty()) return false;
      workers_.begin()->second = false;
      return true;
    case Event::kFinish: case Event::kFail: case Event::kJournal: case Event::kJournalAgain:
    case Event::kJournalGap: case Event::kPark: case Event::kPiece: case Event::kReply:
      return work(event);
    case Event::kStale: {
      if (old_leases_.empty()) return false;
      const auto& [id, fence] = old_leases_[pick(old_leases_.size())];
      const uint64_t before = service_->metrics().stale_results;
      service_->finished(1, id, fence, outcome(records::SUCCEEDED));
      CHECK(service_->metrics().stale_results == before + 1);
      return true;
    }
    case Event::kCancel:
      if (ids_.empty()) return false;
      return cancel(some_id());
    case Event::kCancelUnknown: service_->cancel(Id::floor_of(pick(1000)), 9); return true;
    case Event::kDefine:
      service_->define({{"trigger/x", std::to_string(pick(1000))}}, 3);
      return true;
    case Event::kReadRun:
      if (ids_.empty()) return false;
      service_->read_run(some_id(), pick(2), 4);
      return true;
    case Event::kList: {
      ListQuery query;
      query.status = static_cast<records::RunStatus>(pick(9));
      if (pick(2)) query.trigger = "a";
      service_->list(query, 5);
      return true;
    }
    case Event::kAdvance:
      for (uint64_t left = 1 + pick(retention_ ? 40 : 20); left > 0; left--) {
        clock_.advance(300);
        for (const auto& [worker, heard] : workers_)
          if (heard) service_->worker_alive(worker);
        turn();
      }
      return true;
    case Event::kClockJump:
      clock_.set_wall_offset(static_cast<int64_t>(pick(7'200'000)) - 3'600'000);
      return true;
    case Event::kCrash: return crash();
    case Event::kDiskFails:
      commits_->fail();
      turn();
      return crash();
    case Event::kDiskFull:
      commits_->set_writable(false);
      CHECK(!accept(false, false, false));
      commits_->set_writable(true);
      return true;
    case Event::kCount: break;
  }
  return false;
}

void World::step() {
  static constexpr Event kOften[] = {Event::kAccept, Event::kTurn, Event::kCommit, Event::kRead,
                                     Event::kFinish, Event::kJournal, Event::kAdvance};
  Event event = kOften[pick(std::size(kOften))];
  if (pick(3) == 0) event = static_cast<Event>(pick(static_cast<uint64_t>(Event::kCount)));
  if ((event == Event::kCrash || event == Event::kDiskFails) && pick(4)) event = Event::kTurn;
  if (event == Event::kClockJump && retention_) event = Event::kTurn;
  if (happen(event)) happened[static_cast<size_t>(event)]++;
  const Counters c = service_->counters();
  CHECK(c.accepted == c.captured + c.queued + c.running + c.waiting + c.succeeded + c.failed +
                          c.cancelled + c.dead);
  CHECK(c.queued <= c.accepted);  // nothing has gone below zero
  CHECK(c.running == service_->metrics().slots_used);
}

void World::turn() {
  const auto next = service_->turn();
  if (!next && next.status().fault() != Fault::kIo) FAIL(next.status().message());
  if (next) CHECK(*next >= clock_.monotonic_ms());
  const auto actions = service_->take_actions();
  if (!next) CHECK(!accept(false, false, false));
  for (const Action& action : actions) take(action);
  ledger_.check_overtaken();
  for (const ReadDone& done : service_->take_reads()) check_read(done);
  ledger_.check_store();
}

void World::take(const Action& action) {
  if (const auto* accepted = std::get_if<Accepted>(&action)) {
    adopt(accepted->cookie, accepted->id);
    ledger_.check_key(accepted->id, steady_ms());
  }
  const auto check = [this](const auto& one) { ledger_.check(one); };
  std::visit(check, action);
  if (const auto* dispatch = std::get_if<Dispatch>(&action)) {
    CHECK_MESSAGE(!leases_.count(dispatch->event->id), "leased to two at once");
    check_flow(*dispatch);
    if (!workers_.count(dispatch->worker)) ledger_.undelivered(*dispatch);
    else
      leases_[dispatch->event->id] = {dispatch->worker, dispatch->fence,
                                      static_cast<uint32_t>(dispatch->journal.size())};
  }
  if (const auto* stop = std::get_if<CancelRun>(&action)) {
    const auto held = leases_.find(stop->id);
    if (held == leases_.end() || held->second.fence != stop->fence) return;
    old_leases_.emplace_back(stop->id, stop->fence);
    leases_.erase(held);
  }
}

void World::check_read(const ReadDone& done) {
  CHECK_MESSAGE(done.status.ok(), done.status.message());
  if (const auto* page = std::get_if<ListPage>(&done.value)) {
    for (size_t i = 1; i < page->entries.size(); i++)
      CHECK(page->entries[i].id < page->entries[i - 1].id);
    return;
  }
  const auto& read = std::get<RunRead>(done.value);
  if (!read.event || retention_) return;
  const Sent& sent = ledger_.sent.at(read.event->id);
  CHECK(read.event->body.view() == sent.body);
  CHECK(!read.expired);
  if (sent.captured) CHECK(read.status == records::CAPTURED);
  else CHECK_MESSAGE(read.status != records::UNKNOWN, "a stored run has no status");
  if (sent.ended) CHECK(read.result);
}

void World::settle() {
  crash();
  for (int round = 0; round < 20'000; round++) {
    const Counters c = service_->counters();
    if (c.queued + c.running + c.waiting == 0 && service_->flushed()) break;
    if (workers_.empty()) happen(Event::kJoin);
    happen(Event::kAlive);
    clock_.advance(500);
    while (!leases_.empty()) work(Event::kFinish);
    turn();
    while (commits_->commit(8, true)) {}
    while (reads_->read_one()) {}
  }
  turn();
  const Counters c = service_->counters();
  CHECK_MESSAGE(c.queued + c.running + c.waiting == 0, "something never ended");
  if (!retention_) ledger_.check_all_ended();
  ledger_.check_store();
}

}  // namespace penstock::world
