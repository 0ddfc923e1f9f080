#include "queue/event_list.h"

#include <algorithm>

#include "queue/event_pack.h"
#include "queue/run_reader.h"

namespace penstock::queue {
namespace {

bool has_ended(records::RunStatus status) { return status >= records::SUCCEEDED; }

/// Whether the status asked for can be that of a run with this result (none: unended, or expired).
bool may_match(const ListQuery& query, const ListEntry& entry) {
  if (query.status == records::UNKNOWN) return true;
  if (query.status == records::CAPTURED) return entry.meta.captured();
  if (has_ended(query.status))
    return entry.result && entry.result->outcome().status() == query.status;
  return !entry.result && !entry.meta.captured();
}

/// A result without what makes it large.
ResultPtr without_body(const ResultPtr& result) {
  if (!result) return nullptr;
  auto slim = std::make_shared<records::ResultRecord>(*result);
  slim->mutable_outcome()->clear_body();
  slim->mutable_outcome()->clear_tasks();
  return slim;
}

class EventList {
 public:
  EventList(const View& view, const ReadList& job) : view_(view), query_(job.query), job_(job) {}

  ListAnswer run() {
    if (job_.only) answer_.status = among(*job_.only);
    else if (query_.status == records::WAITING) answer_.status = among_live();
    else answer_.status = newest_first();
    return std::move(answer_);
  }

 private:
  bool full() const {
    return answer_.page.entries.size() >= query_.limit || looked_at_ >= query_.scan_max;
  }
  bool in_reach(Id id) const { return query_.before.is_zero() || id < query_.before; }
  bool too_old(Id id) const { return id.time_ms() < query_.since_ms; }

  Status newest_first() {
    const auto packs = view_.cursor(Family::kEvents);
    if (query_.before.is_zero()) packs->last();
    else packs->seek_back(query_.before.raw());
    for (; packs->valid(); packs->prev()) {
      auto pack = EventPack::open(packs->key(), packs->value());
      if (!pack) return pack.status();
      for (size_t i = pack->count(); i-- > 0;) {
        if (!in_reach(pack->id(i))) continue;
        if (too_old(pack->id(i))) return {};
        if (full()) return stop();
        PENSTOCK_TRY(look_at(*pack, i));
      }
    }
    return packs->status();
  }

  /// Only these ids, newest first: memory knows that no other can match.
  Status among(const std::vector<Id>& ids) {
    const auto packs = view_.cursor(Family::kEvents);
    for (const Id id : ids) {
      if (!in_reach(id)) continue;
      if (too_old(id)) return {};
      if (full()) return stop();
      PENSTOCK_TRY(look_up(*packs, id));
    }
    return {};
  }

  /// Only those with a live record: no other run can be waiting.
  Status among_live() {
    const auto packs = view_.cursor(Family::kEvents), live = view_.cursor(Family::kLive);
    if (query_.before.is_zero()) live->last();
    else live->seek_back(query_.before.raw());
    for (; live->valid(); live->prev()) {
      const Id id = Id::from_raw(live->key());
      if (!in_reach(id)) continue;
      if (too_old(id)) return {};
      if (full()) return stop();
      PENSTOCK_TRY(look_up(*packs, id));
    }
    return live->status();
  }

  Status look_up(Cursor& packs, Id id) {
    last_ = id;
    packs.seek_back(id.raw());
    PENSTOCK_TRY(packs.status());
    if (!packs.valid()) return {};
    auto pack = EventPack::open(packs.key(), packs.value());
    if (!pack) return pack.status();
    const auto place = pack->find(id);
    return place ? look_at(*pack, *place) : Status();
  }

  Status stop() {
    answer_.page.next = last_;
    return {};
  }

  Status look_at(const EventPack& pack, size_t i) {
    looked_at_++;
    last_ = pack.id(i);
    ListEntry entry;
    entry.id = last_;
    entry.body_bytes = pack.body_bytes(i);
    auto meta = pack.meta(i);
    if (!meta) return meta.status();
    if (!entry.meta.ParseFromArray(meta->data(), static_cast<int>(meta->size())))
      return Status::corrupt("event " + last_.text() + " has broken metadata");
    if (!query_.trigger.empty() && entry.meta.trigger() != query_.trigger) return {};
    if (!query_.tag.empty() && entry.meta.tag() != query_.tag) return {};
    if (query_.status == records::CAPTURED && !entry.meta.captured()) return {};
    if (query_.filtered && !entry.meta.filtered()) return {};
    if (query_.samples && (!entry.meta.captured() || entry.meta.filtered())) return {};
    PENSTOCK_TRY(join(entry));
    if (may_match(query_, entry)) answer_.page.entries.push_back(std::move(entry));
    return {};
  }

  Status join(ListEntry& entry) {
    if (entry.meta.captured()) return {};
    auto result = read_result(view_, entry.id);
    if (!result) return result.status();
    entry.result = without_body(*result);
    if (entry.result) return {};
    auto live = read_live(view_, entry.id);
    if (!live) return live.status();
    entry.live = *std::move(live);
    return {};
  }

  const View& view_;
  const ListQuery& query_;
  const ReadList& job_;
  ListAnswer answer_;
  Id last_;
  size_t looked_at_ = 0;
};

}  // namespace

ListAnswer list_events(const View& view, const ReadList& job) {
  return EventList(view, job).run();
}

}  // namespace penstock::queue
