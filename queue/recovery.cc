#include "queue/recovery.h"

#include <algorithm>

#include "queue/event_pack.h"
#include "queue/record.h"
#include "queue/run_reader.h"

namespace penstock::queue {

static Result<std::vector<LiveWrite>> read_all_live(const View& view) {
  std::vector<LiveWrite> all;
  const auto cursor = view.cursor(Family::kLive);
  for (cursor->seek({}); cursor->valid(); cursor->next()) {
    if (cursor->key().size() != 16) return Status::corrupt("a live record has a broken key");
    auto live = std::make_shared<records::LiveRecord>();
    PENSTOCK_TRY(unseal(Family::kLive, cursor->key(), cursor->value(), *live));
    const Id id = Id::from_raw(cursor->key());
    if (live->stream_count() > 0) {  // it said that there is a stream, not how long it grew
      auto count = count_pieces(view, id);
      if (!count) return count.status();
      live->set_stream_count(*count);
    }
    if (!live->subscriptions().empty() || live->inbox_count() > 0) {
      auto count = count_inbox(view, id);
      if (!count) return count.status();
      live->set_inbox_count(std::max(live->inbox_count(), *count));
    }
    all.push_back({id, std::move(live)});
  }
  PENSTOCK_TRY(cursor->status());
  return all;
}

static Result<std::shared_ptr<DedupIndex>> read_all_keys(const View& view) {
  auto index = std::make_shared<DedupIndex>();
  const auto cursor = view.cursor(Family::kDedup);
  for (cursor->seek({}); cursor->valid(); cursor->next()) {
    const auto stored = read_dedup_key(cursor->key());
    if (!stored) return Status::corrupt("a dedup key is broken");
    index->add(stored->key.fingerprint(), stored->hour);
  }
  PENSTOCK_TRY(cursor->status());
  return index;
}

/// The newest stored event must not be newer than the position, which is of the same commit.
static Status check_newest(const View& view, const records::Position& position) {
  const auto cursor = view.cursor(Family::kEvents);
  cursor->last();
  PENSTOCK_TRY(cursor->status());
  if (!cursor->valid()) return {};
  auto pack = EventPack::open(cursor->key(), cursor->value());
  if (!pack) return pack.status();
  if (pack->id(pack->count() - 1).raw() > position.last_id())
    return Status::corrupt("events are stored beyond the queue's position");
  return {};
}

Result<Recovered> recover(const Store& store) {
  const auto view = store.view();
  auto position = read_position(*view);
  if (!position) return position.status();
  PENSTOCK_TRY(check_newest(*view, *position));
  auto live = read_all_live(*view);
  if (!live) return live.status();
  auto keys = read_all_keys(*view);
  if (!keys) return keys.status();
  Recovered recovered{*std::move(position), *std::move(live), *std::move(keys)};
  PENSTOCK_TRY(Queue::fits(recovered));
  return recovered;
}

}  // namespace penstock::queue
