#include "ledger.h"

#include <doctest/doctest.h>

#include "queue/event_pack.h"
#include "queue/run_reader.h"

namespace penstock::world {

using queue::Family;

bool Ledger::stored(Id id) const {
  const auto view = store_.view();
  const auto event = queue::read_event(*view, id);
  REQUIRE(event.ok());
  return *event != nullptr;
}

queue::ResultPtr Ledger::result(Id id) const {
  const auto view = store_.view();
  auto result = queue::read_result(*view, id);
  REQUIRE(result.ok());
  return *result;
}

void Ledger::check(const queue::Accepted& action) {
  Sent& event = sent.at(action.id);
  CHECK_MESSAGE(!event.acked, "acknowledged twice");
  event.acked = true;
  if (!event.memory_only) CHECK_MESSAGE(stored(action.id), "acknowledged before it was durable");
}

void Ledger::check_lane(Id id) const {
  const Sent& one = sent.at(id);
  for (const auto& [other_id, other] : sent) {
    if (other_id >= id) break;
    if (other.lane != one.lane || !other.acked) continue;
    const std::string ahead = other_id.text();  // clang 14 captures no structured bindings
    CAPTURE(ahead);
    // What was answered before its fsync may be lost by a crash; then it holds up nobody.
    if ((retention_ || other.memory_only) && !stored(other_id)) continue;
    CHECK_MESSAGE((other.ended || result(other_id)), "overtaken in its lane");
  }
}

bool Ledger::adopt(uint64_t cookie, Id id) {
  auto found = asked.extract(cookie);
  if (found.empty()) return false;
  return sent.emplace(id, std::move(found.mapped())).second;
}

Sent& Ledger::known(Id id, std::string_view body) {
  for (auto at = asked.begin(); !sent.count(id) && at != asked.end(); ++at) {
    if (at->second.body != body) continue;
    sent[id] = std::move(at->second);
    asked.erase(at);
    break;
  }
  return sent.at(id);
}

void Ledger::check(const queue::Duplicate& action) {
  const auto copy = asked.extract(action.cookie);
  REQUIRE(!copy.empty());
  if (retention_) return;  // the first may be gone, its key not yet
  const auto view = store_.view();
  const auto event = queue::read_event(*view, action.first);
  REQUIRE(event.ok());
  REQUIRE_MESSAGE(*event, "called a copy of an event that is not durable");
  records::EventMeta meta;
  REQUIRE(meta.ParseFromString((*event)->meta));
  CHECK(meta.dedup_key() == copy.mapped().key);
}

void Ledger::check_key(Id id, uint64_t steady_ms) {
  const Sent& one = sent.at(id);
  if (one.key.empty()) return;
  for (const auto& [other_id, other] : sent) {
    if (other_id == id || other.key != one.key || !other.acked || other_id > id) continue;
    CHECK_MESSAGE(steady_ms >= other.steady_ms + other.ttl_ms, "two runs for one dedup key");
  }
}

void Ledger::check(const queue::Dispatch& action) {
  const Sent& event = known(action.event->id, action.event->body.view());
  CHECK(action.event->body.view() == event.body);
  CHECK_MESSAGE(!event.captured, "a sample was run");
  CHECK_MESSAGE(!event.ended, "run again after its end was told");
  CHECK_MESSAGE(fences_.insert(action.fence).second, "a fencing token was used twice");
  uint64_t& newest = newest_fence_[action.event->id];
  CHECK_MESSAGE(action.fence > newest, "a run's fencing token went back");
  newest = action.fence;
  if (!event.memory_only) CHECK_MESSAGE(stored(action.event->id), "run before it was durable");
  if (result(action.event->id)) overtaken_.insert(action.fence);
  for (const auto& [sequence, record] : event.journalled) {
    REQUIRE_MESSAGE(sequence < action.journal.size(), "a journalled step was forgotten");
    CHECK(action.journal[sequence] == record);
  }
  CHECK_MESSAGE(action.pieces.size() >= event.streamed, "pieces of a stream were forgotten");
  CHECK(action.attempt <= (event.attempts_max ? event.attempts_max : 5));
}

void Ledger::check(const queue::JournalStored& action) {
  if (retention_ && !stored(action.id)) return;  // ended and swept before the word got out
  const auto view = store_.view();
  const auto journal = queue::read_journal(*view, action.id);
  REQUIRE(journal.ok());
  REQUIRE_MESSAGE(action.sequence < journal->size(), "journal entry told before it was durable");
  sent.at(action.id).journalled[action.sequence] = (*journal)[action.sequence];
}

void Ledger::check(const queue::PieceStored& action) {
  Sent& event = sent.at(action.id);
  CHECK_MESSAGE(action.sequence >= event.streamed, "a piece told twice");
  event.streamed = action.sequence + 1;
  if (action.piece->type() == "reply") {
    CHECK_MESSAGE(event.reply_piece == 0, "replied twice");
    event.reply_piece = action.sequence + 1;
  }
  if (retention_ && !stored(action.id)) return;
  const auto page = queue::read_stream(*store_.view(), action.id, action.sequence, 1);
  REQUIRE(page.ok());
  REQUIRE_MESSAGE(!page->pieces.empty(), "a piece told before it was durable");
  CHECK(page->pieces[0]->data() == action.piece->data());
}

void Ledger::check(const queue::Ended& action) {
  Sent& event = sent.at(action.id);
  CHECK(action.result->stream_count() >= event.streamed);
  if (event.reply_piece) CHECK(action.result->reply_piece() == event.reply_piece);
  if (!retention_)
    CHECK(*queue::count_pieces(*store_.view(), action.id) == action.result->stream_count());
  CHECK_MESSAGE(!event.ended, "ended twice");
  event.ended = true;
  const auto durable = result(action.id);
  if (retention_ && !durable) return;  // it took so long that its time was over
  REQUIRE_MESSAGE(durable, "an end was told before it was durable");
  CHECK(durable->SerializeAsString() == action.result->SerializeAsString());
}

void Ledger::check(const queue::CancelAnswered& action) {
  if (action.known || retention_) return;  // with retention a result may be gone again
  const auto event = sent.find(action.id);
  const bool unended = event != sent.end() && event->second.acked && !event->second.captured &&
                       stored(action.id) && !result(action.id);
  CHECK_MESSAGE(!unended, "an unended run was called unknown");
}

void Ledger::check_overtaken() {
  CHECK_MESSAGE(overtaken_.empty(), "run although its result is durable");
  overtaken_.clear();
}

void Ledger::check_store() {
  const auto view = store_.view();
  const auto position = queue::read_position(*view);
  REQUIRE(position.ok());
  if (position->sequence() == std::exchange(checked_, position->sequence())) return;
  const auto packs = view->cursor(Family::kEvents);
  uint64_t events = 0, captured = 0, ended[9] = {};
  for (packs->seek({}); packs->valid(); packs->next()) {
    const auto pack = queue::EventPack::open(packs->key(), packs->value());
    REQUIRE(pack.ok());
    for (size_t i = 0; i < pack->count(); i++) {
      const Id id = pack->id(i);
      events++;
      captured += pack->captured(i);
      const auto result = this->result(id);
      if (result) ended[result->outcome().status()]++;
      const bool settled = pack->captured(i) || result || *queue::read_live(*view, id);
      const bool below = id.raw() < position->low_water();
      // With retention a result may be gone before its event.
      if (!retention_) CHECK_MESSAGE((!below || settled), "a queued run below the low water");
    }
  }
  if (retention_) return;
  CHECK(position->accepted() == events);
  CHECK(position->captured() == captured);
  CHECK(position->succeeded() == ended[records::SUCCEEDED]);
  CHECK(position->failed() == ended[records::FAILED]);
  CHECK(position->cancelled() == ended[records::CANCELLED]);
  CHECK(position->dead() == ended[records::DEAD]);
}

void Ledger::check_all_ended() const {
  for (const auto& one : sent) {
    const Id id = one.first;
    const Sent& event = one.second;
    if (!event.acked || event.captured) continue;
    if (event.memory_only && !stored(id)) continue;  // promised no more
    CAPTURE(id.text());
    CHECK_MESSAGE(result(id), "an acknowledged event never ended");
  }
}

}  // namespace penstock::world
