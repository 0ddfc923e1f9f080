// The queue, the gate, and the ports to disk behind the Service interface: turns the state
// machine's values into pushes, and the ports' answers into its inputs.
//
// Lifecycle and thread: as Service. Limitations: none of its own.
#pragma once

#include <deque>
#include <unordered_map>

#include "queue/ports.h"
#include "queue/queue.h"
#include "queue/rate_meter.h"
#include "queue/reply_gate.h"
#include "queue/service.h"
#include "queue/store.h"

namespace penstock::queue {

/// What a service is made of. The ports use the store and go before it.
struct ServiceParts {
  std::unique_ptr<Store> store;
  Recovered recovered;
  std::unique_ptr<CommitPort> commits;
  std::unique_ptr<ReadPort> reads;
};

/// A service on this engine, with its threads: what Service::open gives, and tests with engines of
/// their own.
Result<std::unique_ptr<Service>> open_service(ServiceOptions options, const Clock& clock,
                                              std::function<void()> wake,
                                              std::unique_ptr<Store> store);

class ServiceImpl final : public Service {
 public:
  ServiceImpl(ServiceOptions options, const Clock& clock, ServiceParts parts);

  std::variant<Id, Rejected> accept(NewEvent event, Cookie cookie) override;
  std::pair<size_t, std::optional<Rejected>> accept_batch(const records::EventMeta& shared,
                                                          std::vector<BatchItem>& items,
                                                          bool memory_only) override;
  void worker_joined(WorkerId worker, uint32_t slots) override;
  void worker_alive(WorkerId worker) override;
  void worker_draining(WorkerId worker) override;
  void worker_gone(WorkerId worker) override;
  void finished(WorkerId worker, Id id, uint64_t fence, records::Outcome outcome) override;
  void journal(WorkerId worker, Id id, uint64_t fence, uint32_t sequence,
               std::string record, uint32_t heard = 0) override;
  void piece(WorkerId worker, Id id, uint64_t fence, records::StreamPiece piece) override;
  void early_reply(WorkerId worker, Id id, uint64_t fence,
                   const records::Outcome& outcome) override;
  void park(WorkerId worker, Id id, uint64_t fence, uint64_t wake_at_ms,
            uint32_t heard = 0) override;
  void listen(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal,
              records::EventFilters filters) override;
  void unlisten(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal) override;
  void publish(const CloudEvent& event) override;
  bool has_listeners() const override { return queue_.has_listeners(); }
  bool holds(Id id, uint64_t fence) const override { return queue_.holds(id, fence); }
  void emitted(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal) override;
  void signal(Id id, const CloudEvent& event, Cookie cookie) override;
  void cancel(Id id, Cookie cookie) override;
  void define(std::vector<StoredDefinition> definitions, Cookie cookie) override;
  void audit(AuditEntry entry) override { queue_.audit(std::move(entry), now()); }

  void set_flow(const std::string& trigger, const FlowLimits& limits) override;

  Result<std::vector<StoredDefinition>> definitions() override;
  std::optional<LiveView> live(Id id) const override { return queue_.live(id); }
  ResultPtr cached_result(Id id) const override { return queue_.cached_result(id); }
  void read_run(Id id, bool with_journal, Cookie cookie) override;
  void list(ListQuery query, Cookie cookie) override;
  void read_stream(Id id, uint32_t from, size_t bytes_max, Cookie cookie) override;
  void read_audit(uint64_t before, uint32_t limit, Cookie cookie) override;
  Counters counters() const override { return queue_.counters(); }
  std::vector<FlowState> flow_states() const override;
  ServiceMetrics metrics() const override;
  double drain_rate() const override { return drained_.per_second(); }

  Result<uint64_t> turn() override;
  std::vector<Action> take_actions() override { return gate_.take(); }
  std::vector<ReadDone> take_reads() override { return std::exchange(reads_done_, {}); }
  bool writable() const override { return fault_.ok() && commits_->writable(); }
  void drain() override;
  bool flushed() const override { return queue_.settled() && asked_.empty(); }

 private:
  /// A delivery whose key is being looked up on disk.
  struct Asked { NewEvent event; Cookie cookie; size_t bytes; };
  /// A batch on its way to disk.
  struct InFlight { Ticket ticket; size_t events, bytes; };

  Now now() const { return {clock_.monotonic_ms(), clock_.wall_ms()}; }
  std::optional<Rejected> refusal(bool captured, size_t body_bytes, bool from_within = false) const;
  uint32_t retry_after_s() const;
  /// Its key, where it has one that counts.
  std::optional<DedupKey> key_of(const records::EventMeta& meta) const;
  Id admit(NewEvent event, const DedupKey* key, Cookie cookie);
  Id accept_one(const records::EventMeta& facts, std::string meta, Body body, RunLabels labels,
                bool memory_only);

  Status take_durable();
  Status take_replies(Now now);
  void hand_over();

  Status answered(const LoadRun& job, RunAnswer answer, Now now);
  Status answered(const LookUp& job, RunAnswer answer, Now now);
  Status answered(const ReadRun& job, RunAnswer answer, Now now);
  Status answered(const Refill& job, RefillAnswer answer, Now now);
  Status answered(const ReadStream& job, StreamAnswer answer, Now now);
  Status answered(const ReadList& job, ListAnswer answer, Now now);
  Status answered(const ReadAudit& job, AuditAnswer answer, Now now);
  Status answered(const SweepRetention& job, SweepAnswer answer, Now now);
  Status answered(const ReadKey& job, KeyAnswer answer, Now now);
  /// What is true of the run, the store's word and memory's together; false: read it again.
  bool complete(const ReadRun& job, RunRead& read, Now now) const;
  records::RunStatus status_of(ListEntry& entry) const;

  const ServiceOptions options_;
  const Clock& clock_;
  const std::unique_ptr<Store> store_;
  Queue queue_;
  ReplyGate gate_;
  RateMeter drained_;
  std::vector<ReadDone> reads_done_;
  std::deque<InFlight> in_flight_;
  std::unordered_map<DedupKey, std::vector<Asked>> asked_;
  size_t pending_events_ = 0, pending_bytes_ = 0;  ///< accepted, not durable yet
  IdGenerator ids_;
  Status fault_;
  bool draining_ = false;
  const std::unique_ptr<CommitPort> commits_;      // after the store: they use it
  const std::unique_ptr<ReadPort> reads_;
};

}  // namespace penstock::queue
