// Workflows that start from events (`schedule.on`): which event starts which, and what is kept for
// those that need several.
//
// What literals decide is decided here; conditions and correlations are an executor's to evaluate,
// and until it has, the event is kept on disk (definitions `starting/NAME/SEQUENCE`), in the same
// commit as whatever brought it. So is what waits for the others of `all`. A start takes what it
// consumes away in its own commit: none is lost, none doubled.
//
// Lifecycle: load() once, then changed() for each workflow and receive() for each event. Loop
// thread. Limitations: limits::starting_events_max and starting_bytes_max a workflow; beyond it the
// oldest go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/app/context.h"
#include "queue/event_index.h"

namespace penstock::gateway {

class Starters {
 public:
  explicit Starters(Context& context) : context_(context) {}

  void load(const std::vector<queue::StoredDefinition>& stored);
  /// The workflow was applied, or is gone.
  void changed(const std::string& name);
  void receive(const queue::CloudEvent& event);
  bool idle() const { return index_.empty(); }
  /// Tries again what the queue would not take. Returns when it wants to be called, monotonic ms.
  uint64_t turn();

 private:
  struct Kept {
    std::string event;
    records::StartingEvent record;  ///< without its event
    bool stored = false;
  };
  struct Starter {
    WorkflowPtr workflow;
    std::map<uint64_t, Kept> kept;  ///< by sequence
    size_t bytes = 0;
    uint64_t last_sequence = 0;
  };

  static std::string key_of(const std::string& name, uint64_t sequence);
  void receive(Starter& starter, const queue::CloudEvent& event);
  void ask(const std::string& name, uint64_t sequence);
  void on_matched(const std::string& name, uint64_t sequence, uint32_t version,
                  const worker::Matched& matched);
  bool try_start(Starter& starter, uint64_t sequence, Writes& writes);
  void take(Starter& starter, uint64_t sequence, Writes& writes);
  bool start_all(Starter& starter, uint64_t sequence, Writes& writes);
  bool start(const Starter& starter, const std::vector<uint64_t>& sequences);
  void bound(Starter& starter, Writes& writes);
  void drop(Starter& starter, uint64_t sequence, Writes& writes);
  void keep(Starter& starter, uint64_t sequence, Writes& writes);
  void write(Writes writes);

  Context& context_;
  std::map<std::string, Starter> starters_;
  queue::EventIndex<std::string> index_;
  uint64_t retry_at_ms_ = UINT64_MAX;
};

}  // namespace penstock::gateway
