#include "queue/backlog_scan.h"

#include "proto/limits.h"
#include "queue/event_pack.h"
#include "queue/run_reader.h"

namespace penstock::queue {
namespace {

/// Says of ascending ids whether a family has them, by walking along.
class Companion {
 public:
  Companion(const View& view, Family family, Id from) : cursor_(view.cursor(family)) {
    cursor_->seek(from.raw());
  }
  Result<bool> has(Id id) {
    // A few steps are cheaper than a seek; a long way is not.
    for (int steps = 0; cursor_->valid() && cursor_->key() < id.raw(); steps++)
      steps < 8 ? cursor_->next() : cursor_->seek(id.raw());
    PENSTOCK_TRY(cursor_->status());
    return cursor_->valid() && cursor_->key() == id.raw();
  }

 private:
  std::unique_ptr<Cursor> cursor_;
};

class BacklogScan {
 public:
  BacklogScan(const View& view, const Refill& job)
      : job_(job),
        events_(view.cursor(Family::kEvents)),
        results_(view, Family::kResults, job.from),
        live_(view, Family::kLive, job.from) {
    answer_.next = job.from;
  }

  RefillAnswer run() {
    events_->seek_back(job_.from.raw());
    if (!events_->valid()) events_->seek(job_.from.raw());
    while (events_->valid() && answer_.status.ok() && !full() && !answer_.at_end) {
      answer_.status = take_pack();
      events_->next();
    }
    if (answer_.status.ok()) answer_.status = events_->status();
    if (answer_.status.ok() && !events_->valid() && !full()) answer_.at_end = true;
    return std::move(answer_);
  }

 private:
  bool full() const {
    return answer_.events.size() >= job_.events_max || bytes_ >= job_.bytes_max ||
           looked_at_ >= limits::held_back_events_max * 2;
  }

  Status take_pack() {
    auto pack = EventPack::open(events_->key(), events_->value());
    if (!pack) return pack.status();
    for (size_t i = pack->lower_bound(job_.from); i < pack->count() && !full(); i++) {
      const Id id = pack->id(i);
      if (id > job_.last) {
        answer_.at_end = true;
        break;
      }
      PENSTOCK_TRY(take(*pack, i, id));
      answer_.next = after(id);
    }
    return {};
  }

  Status take(const EventPack& pack, size_t i, Id id) {
    looked_at_++;
    if (pack.captured(i)) return {};
    for (Companion* companion : {&results_, &live_}) {
      auto has = companion->has(id);
      if (!has) return has.status();
      if (*has) return {};
    }
    auto event = pack.event(i);
    if (!event) return event.status();
    records::EventMeta meta;
    if (!meta.ParseFromString((*event)->meta))
      return Status::corrupt("event " + id.text() + " has broken metadata");
    bytes_ += (*event)->meta.size() + (*event)->body.size();
    answer_.events.push_back({*std::move(event), labels_of(meta)});
    return {};
  }

  const Refill& job_;
  std::unique_ptr<Cursor> events_;
  Companion results_, live_;
  RefillAnswer answer_;
  size_t bytes_ = 0, looked_at_ = 0;
};

}  // namespace

RefillAnswer scan_backlog(const View& view, const Refill& job) {
  return BacklogScan(view, job).run();
}

}  // namespace penstock::queue
