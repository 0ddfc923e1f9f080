// /v1/replays: many events run again, by a filter. A POST with "dry_run" counts them; without it
// the job begins: oldest first, paced, a chunk at a time, each chunk in one commit with how far the
// job is. So a restart goes on where it stood and no event is replayed twice by one job.
//
// Loop thread: load() once, then turn(). Jobs run one after the other. Limitations: at most
// limits::replay_events_max events a job; events that come after its begin are not part of it.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"
#include "gateway/app/replay_job.h"
#include "gateway/app/replayer.h"

namespace penstock::gateway {

class ReplaysApi {
 public:
  explicit ReplaysApi(Context& context) : context_(context), replayer_(context) {}

  /// Takes up the jobs of an earlier life.
  void load(const std::vector<queue::StoredDefinition>& stored);
  /// words: replays[/{id}[/cancel]]
  void on_request(const OperatorRequest& request);
  /// Returns when it next wants to be called, monotonic ms.
  uint64_t turn(uint64_t now_ms);

 private:
  /// A chunk whose events are being read and mapped.
  struct Chunk {
    ReplayJobPtr job;
    std::vector<Id> ids;
    std::vector<std::optional<Replayer::Prepared>> prepared;
    size_t awaited = 0;
  };
  using ChunkPtr = std::shared_ptr<Chunk>;

  void create(const OperatorRequest& request);
  void collect(const ReplayJobPtr& job);
  void collected(const ReplayJobPtr& job, queue::ReadDone& done);
  void ready(const ReplayJobPtr& job);
  void begin_chunk(const ReplayJobPtr& job);
  void commit(const ChunkPtr& chunk);
  /// False: the queue takes no more now.
  bool take(ReplayJob& job, Replayer::Prepared& prepared);
  void keep(const ReplayJob& job, std::function<void()> then);
  void cancel(const OperatorRequest& request, const ReplayJobPtr& job);
  void list(ExchangeId exchange);
  void refuse(ExchangeId exchange, Code code, const std::string& detail);

  Context& context_;
  Replayer replayer_;
  std::map<uint64_t, ReplayJobPtr> jobs_;
  uint64_t next_ms_ = 0;  // not before
  bool busy_ = false;     // a chunk or a collection is under way
};

}  // namespace penstock::gateway
