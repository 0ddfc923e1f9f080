// Many events in one request: NDJSON, a JSON array, a CloudEvents batch. Every item is taken or
// refused by itself, all that are taken share one commit, and one answer tells of each in order, so
// that a sender can send again from item N.
//
// Loop thread. An answer leaves when its last item is durable or refused. Items of triggers that
// look at single events (filter, mapping, dedup, lanes) go through screening and admission one by
// one like single deliveries; all others go into the queue together.
// Bounds: limits::batch_items_max and batch_bytes_max; commit_backlog_bytes_max in the queue.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/delivery.h"
#include "gateway/app/intake.h"

namespace penstock::gateway {

/// A batch on its way in. `one` is a delivery with the facts that all items share; its body is the
/// whole batch.
struct BatchDelivery {
  Delivery one;
  Shape shape = Shape::kLines;
};

class Batches {
 public:
  using Then = std::function<void(Delivery)>;
  /// `then`: the next stage for items that must be looked at one by one.
  Batches(Context& context, Intake& intake, Then then)
      : context_(context), intake_(intake), then_(std::move(then)) {}

  void take(BatchDelivery batch);
  static bool is_item(queue::Cookie cookie) { return cookie & kItemBit; }
  /// The word for an item once it is kept, where that is neither queued nor captured like the rest.
  void label(queue::Cookie item, std::string_view status);
  /// An item is durable under this id; `position`: how many events had been accepted with it, 0 for
  /// a copy.
  void kept(queue::Cookie item, const Id& id, uint64_t position = 0);
  /// An item is a copy of an earlier event, or reuses that one's key for another body.
  void copied(queue::Cookie item, const Id& first, bool key_reused);
  void refused(queue::Cookie item, const Rejected& why);
  /// The item's place in its batch.
  static size_t index_of_item(queue::Cookie item) { return item & ((1u << kItemBits) - 1); }

 private:
  static constexpr queue::Cookie kItemBit = queue::Cookie{1} << 62;
  static constexpr unsigned kItemBits = 14;
  static_assert(limits::batch_items_max <= 1u << kItemBits);

  /// How an item ended: kept under an id with a status, or refused for a reason; both texts are
  /// kept once for all items alike.
  struct Item {
    Id id;
    uint32_t word = 0;  ///< of reasons or, from 1, of statuses; 0: like the rest
    bool done = false, kept = false, copy = false;
  };
  struct Open {
    ExchangeId exchange;
    std::string trigger;
    std::string signature;    ///< forgotten unless all is kept, so that the batch may come again
    std::string body_sha256;  ///< empty: no receipt is asked for
    Durability durability = Durability::kDisk;
    bool captured = false;
    uint64_t position = 0;    ///< of the last item
    std::vector<Item> items;
    std::vector<Rejected> reasons;
    std::vector<std::string> statuses;
    size_t left = 0;
  };

  std::optional<Rejected> split(const Delivery& one, Shape shape,
                                std::vector<std::string_view>& items);
  /// Its body and its own facts; otherwise why not.
  std::optional<Rejected> read(std::string_view text, Shape shape, uint64_t bytes_max,
                               queue::BatchItem& item);
  void take_together(uint32_t slot, Delivery& one, std::vector<queue::BatchItem>& items);
  void take_singly(Delivery& one, std::vector<queue::BatchItem>& items);
  uint32_t open(const Delivery& one, size_t items);
  Open& open_of(queue::Cookie item);
  void refuse(Open& batch, size_t item, const Rejected& why);
  void close_if_done(uint32_t slot);
  static Response render(const Open& batch);
  /// For the whole of it, under its first item's id; only when every item is new and kept.
  void add_receipt(const Open& batch, Response& answer) const;

  Context& context_;
  Intake& intake_;
  Then then_;
  std::vector<std::unique_ptr<Open>> open_;
  std::vector<uint32_t> free_;
};

}  // namespace penstock::gateway
