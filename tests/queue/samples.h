// Stored things for tests, made by hand.
#pragma once

#include <memory>
#include <string>

#include "queue/commit.h"
#include "queue/queue.h"

namespace penstock::queue {

/// The id made at `ms`, the `n`th of that millisecond.
inline Id id_at(uint64_t ms, uint8_t n = 0) {
  Id id = Id::floor_of(ms);
  id.bytes[7] = n;
  id.bytes[15] = 1;
  return id;
}

inline EventPtr make_event(Id id, std::string_view body, bool captured = false) {
  auto event = std::make_shared<Event>();
  records::EventMeta meta;
  meta.set_trigger("t");
  meta.set_captured(captured);
  event->id = id;
  event->meta = meta.SerializeAsString();
  event->body = Body(body);
  event->captured = captured;
  return event;
}

inline ResultPtr make_result(uint64_t finished_at_ms,
                             records::RunStatus status = records::SUCCEEDED) {
  auto result = std::make_shared<records::ResultRecord>();
  result->mutable_outcome()->set_status(status);
  result->mutable_outcome()->set_body("1");
  result->set_finished_at_ms(finished_at_ms);
  return result;
}

inline LivePtr make_live(records::RunStatus status) {
  auto live = std::make_shared<records::LiveRecord>();
  live->set_status(status);
  return live;
}

/// Writes one batch as a commit of its own.
inline Status write_batch(Store& store, uint64_t sequence, Batch batch) {
  std::vector<Batch> batches;
  batches.push_back(std::move(batch));
  return Commit(store, sequence - 1).run(batches);
}

}  // namespace penstock::queue
