// Where events meet those who wait for them: deliveries, what workflows emit and signals come in;
// runs that listen and workflows with `schedule.on` get them, in the same commit.
//
// Lifecycle: made with the other parts, load() before the first event; then turn() once a turn of
// the loop. Loop thread. It decides nothing finely: literals here, conditions in executors.
#pragma once

#include <string>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/schedules.h"
#include "gateway/app/starters.h"

namespace penstock::gateway {

class EventBus {
 public:
  explicit EventBus(Context& context)
      : context_(context), starters_(context), schedules_(context) {}

  /// What earlier lives left: clocks, and events on their way.
  void load(const std::vector<queue::StoredDefinition>& stored);
  /// The workflow was applied, or is gone.
  void changed(const std::string& workflow);
  /// Somebody may want an event: whether it is worth making one.
  bool has_takers() const { return !starters_.idle() || context_.queue.has_listeners(); }
  /// An event is there, in this turn's commit.
  void publish(const queue::CloudEvent& event);
  /// A delivery was accepted in this turn. Call it only when has_takers().
  void delivered(const Id& id, const records::EventMeta& meta, std::string_view body);
  /// A run emits.
  void emit(uint32_t worker, worker::Emit& emit);
  void on_ended(Id run) { schedules_.on_ended(run); }
  uint64_t turn();
  uint64_t next_start_ms(const std::string& workflow) const { return schedules_.next_ms(workflow); }

 private:
  Context& context_;
  Starters starters_;
  Schedules schedules_;
};

}  // namespace penstock::gateway
