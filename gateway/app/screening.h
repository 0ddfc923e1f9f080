// What a trigger makes of an event before it is kept: filter, schema, variables, and the keys that
// jq reads from it. An executor evaluates them (worker::Screen), so this stage may take a while;
// the sender waits, and nothing is kept before. What an expression does to an event:
//   schema breach     422 with pointers, nothing kept
//   filter false      kept and marked filtered, no run
//   anything fails    kept, and its run fails with the reason: never a silent null
//   no executor       503, to be sent again
//
// Loop thread. A delivery whose trigger asks for nothing of this goes on at once, and so does a
// sample of an inactive trigger. Deliveries of a trigger with lanes
// leave in the order they came; of others, order is not kept.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/app/context.h"
#include "gateway/app/delivery.h"

namespace penstock::gateway {

/// Whether an executor must look at this trigger's events.
bool needs_screening(const records::TriggerDefinition& trigger);
/// A Screen for this event, with no more of the trigger than is needed. An empty body asks whether
/// the expressions are good.
worker::Screen screen_of(const records::TriggerDefinition& trigger, const records::EventMeta& meta,
                         std::string_view body);
/// Puts what was found into the event: variables, keys, why its run fails.
void map_event(const worker::Screened& found, records::EventMeta& meta);
/// The event's facts as those of a run of its own: what an earlier look made of it is forgotten.
records::EventMeta as_fresh_run(records::EventMeta meta);

class Screening {
 public:
  using Then = std::function<void(Delivery)>;
  /// Why an event was not kept.
  struct Refusal {
    Code code;
    std::string detail;
    Response answer;
  };
  using Refused = std::function<void(const Delivery&, Refusal)>;
  /// `then`: the next stage, called at once or later; `refused`: instead of it.
  Screening(Context& context, Then then, Refused refused)
      : context_(context), then_(std::move(then)), refused_(std::move(refused)) {}

  void screen(Delivery delivery);

 private:
  struct Held {
    Delivery delivery;
    std::optional<Result<worker::Screened>> found;
  };
  void release(const std::string& trigger);
  void judge(Delivery delivery, Result<worker::Screened> found);

  Context& context_;
  Then then_;
  Refused refused_;
  std::unordered_map<std::string, std::deque<std::shared_ptr<Held>>> in_order_;  // by trigger
};

}  // namespace penstock::gateway
