// Workflows that start by the clock: `schedule.every`, `cron` and `after`.
//
// A tick and its run are one commit: the run is accepted and the clock set on in the same batch, so
// a tick starts exactly one run, over crashes too. Ticks that passed while no gateway ran become
// one run, at once; then the clock goes on in its grid. `every` counts from when the version was
// applied; `after` from the end of the run before, the first time from when it was applied.
//
// Lifecycle: load() once, then changed() for each workflow, on_ended() for each run that ends, and
// turn(). Loop thread. Limitations: needs a wall clock that is roughly right; while the gateway
// drains, nothing starts.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/cron.h"

namespace penstock::gateway {

/// What is wrong with the times of a schedule; empty: nothing.
std::string schedule_fault(const records::Schedule& schedule);

class Schedules {
 public:
  explicit Schedules(Context& context) : context_(context) {}

  void load(const std::vector<queue::StoredDefinition>& stored);
  /// The workflow was applied, or is gone.
  void changed(const std::string& name);
  void on_ended(Id run);
  /// Starts what is due. Returns when it wants to be called again, monotonic ms.
  uint64_t turn();
  /// When the workflow starts next by itself, wall clock; 0: it does not, or not yet known.
  uint64_t next_ms(const std::string& name) const;

 private:
  struct Entry {
    WorkflowPtr workflow;
    std::optional<Cron> cron;
    records::ScheduleState state;
  };

  uint64_t next_of(const Entry& entry, uint64_t after_ms) const;
  bool start(const std::string& name, Entry& entry);
  void set_next(const std::string& name, Entry& entry, uint64_t next_ms);
  void store(const std::string& name, const Entry& entry);
  void forget(const std::string& name);
  void wait_for(const std::string& name, const Entry& entry);
  void on_read(const std::string& name, Id run, queue::ReadDone& done);
  void run_ended(const std::string& name, uint64_t at_ms);

  Context& context_;
  std::map<std::string, Entry> entries_;
  std::set<std::pair<uint64_t, std::string>> due_;       ///< wall clock
  std::unordered_map<Id, std::string> awaited_;          ///< runs whose end sets a clock going
  std::map<std::string, records::ScheduleState> found_;  ///< of load(), until taken up
};

}  // namespace penstock::gateway
