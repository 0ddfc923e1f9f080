#include "gateway/app/batches.h"

#include <algorithm>

#include "gateway/app/bus.h"
#include "gateway/app/cloud_event.h"
#include "gateway/app/flow_keys.h"
#include "gateway/app/guard.h"
#include "gateway/app/json_slices.h"

namespace penstock::gateway {
namespace {

constexpr size_t kRejectionsNoted = 10;  // of one batch: the rest is alike

/// Do its events go their ways one by one?
bool looks_at_events(const Delivery& one, Shape shape) {
  const records::TriggerDefinition& trigger = *one.trigger;
  if (trigger.has_mapping() || trigger.has_flow() || shape == Shape::kCloudEvents) return true;
  if (!trigger.door().verify().empty()) return true;  // its sender may name events in their bodies
  records::EventMeta probe = one.meta;                // a dedup key in the headers?
  return set_flow_keys(trigger, Body(), 0, probe).has_value() || !probe.dedup_key().empty();
}

std::string_view trimmed(std::string_view line) {
  static constexpr std::string_view kSpace = " \t\r";
  const size_t from = line.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return line.substr(from, line.find_last_not_of(kSpace) - from + 1);
}

/// The lines that are not blank, at most `max` + 1.
std::vector<std::string_view> lines_of(std::string_view text, size_t max) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() <= max) {
    const size_t end = text.find('\n');
    if (const std::string_view line = trimmed(text.substr(0, end)); !line.empty())
      lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

std::optional<Rejected> Batches::split(const Delivery& one, Shape shape,
                                       std::vector<std::string_view>& items) {
  if (shape == Shape::kLines) {
    items = lines_of(one.body.view(), limits::batch_items_max);
  } else {
    if (auto fault = intake_.json_fault(one.body.view()))
      return Rejected{Code::kInvalidJson, *std::move(fault)};
    if (json_first(one.body.view()) != '[')
      return Rejected{Code::kBadRequest, "a batch is a JSON array"};
    items = json_items(one.body.view(), limits::batch_items_max);
  }
  if (items.size() <= limits::batch_items_max) return std::nullopt;
  return Rejected{Code::kPayloadTooLarge,
                  "a batch has at most " + std::to_string(limits::batch_items_max) + " items"};
}

std::optional<Rejected> Batches::read(std::string_view text, Shape shape, uint64_t bytes_max,
                                      queue::BatchItem& item) {
  if (text.size() > bytes_max)
    return Rejected{Code::kPayloadTooLarge, "the item is larger than the limit for a body"};
  if (shape == Shape::kLines)
    if (auto fault = intake_.json_fault(text))
      return Rejected{Code::kInvalidJson, *std::move(fault)};
  if (shape != Shape::kCloudEvents) {
    item.body = Body(text);
    return std::nullopt;
  }
  records::EventMeta own;
  std::string data;
  if (auto wrong = read_cloud_event(text, own, data)) return wrong;
  item.body = Body(data);
  item.meta = own.SerializeAsString();
  return std::nullopt;
}

uint32_t Batches::open(const Delivery& one, size_t items) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(open_.size()));
    open_.emplace_back();
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  open_[slot] = std::make_unique<Open>();
  Open& batch = *open_[slot];
  batch.exchange = one.ack.exchange;
  batch.trigger = one.trigger->name();
  batch.signature = one.signature;
  batch.body_sha256 = one.ack.body_sha256;
  batch.durability = one.ack.durability;
  batch.captured = one.ack.captured;
  batch.items.resize(items);
  batch.left = items;
  return slot;
}

void Batches::take(BatchDelivery delivery) {
  Delivery& one = delivery.one;
  std::vector<std::string_view> texts;
  if (const auto wrong = split(one, delivery.shape, texts)) {
    context_.guard.forget_signature(one.signature);
    context_.rejections.note(one.trigger->name(), wrong->code, wrong->detail);
    return gateway::refuse(context_, one.ack.exchange, *wrong);
  }
  const uint64_t bytes_max = one.trigger->body_bytes_max() ? one.trigger->body_bytes_max()
                                                           : context_.config.body_bytes_max;
  const uint32_t slot = open(one, texts.size());
  std::vector<queue::BatchItem> items;
  items.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); i++) {
    queue::BatchItem item;
    item.cookie = kItemBit | queue::Cookie{slot} << kItemBits | i;
    if (const auto wrong = read(texts[i], delivery.shape, bytes_max, item))
      refuse(*open_[slot], i, *wrong);
    else
      items.push_back(std::move(item));
  }
  open_[slot]->left++;  // it must not end below before all items are on their way
  if (looks_at_events(one, delivery.shape) || context_.bus->has_takers())
    take_singly(one, items);
  else
    take_together(slot, one, items);
  open_[slot]->left--;
  close_if_done(slot);
}

void Batches::take_together(uint32_t slot, Delivery& one, std::vector<queue::BatchItem>& items) {
  const auto [taken, why] =
      context_.queue.accept_batch(one.meta, items, one.ack.durability == Durability::kMemory);
  for (size_t i = taken; i < items.size(); i++)
    refuse(*open_[slot], items[i].cookie & ((1u << kItemBits) - 1), *why);
}

void Batches::take_singly(Delivery& one, std::vector<queue::BatchItem>& items) {
  for (queue::BatchItem& item : items) {
    Delivery single{one.trigger, one.workflow, one.meta, std::move(item.body), one.ack};
    single.ack.hold = false;
    single.ack.item = item.cookie;
    single.meta.MergeFromString(item.meta);
    then_(std::move(single));
  }
}

static uint32_t slot_of(queue::Cookie item, unsigned item_bits) {
  return static_cast<uint32_t>(item >> item_bits);
}

static size_t index_of(queue::Cookie item, unsigned item_bits) {
  return item & ((1u << item_bits) - 1);
}

Batches::Open& Batches::open_of(queue::Cookie item) {
  return *open_[slot_of(item & ~kItemBit, kItemBits)];
}

void Batches::label(queue::Cookie cookie, std::string_view status) {
  Open& batch = open_of(cookie);
  if (batch.statuses.empty() || batch.statuses.back() != status)
    batch.statuses.emplace_back(status);
  batch.items[index_of(cookie, kItemBits)].word = static_cast<uint32_t>(batch.statuses.size());
}

void Batches::kept(queue::Cookie cookie, const Id& id, uint64_t position) {
  Open& batch = open_of(cookie);
  Item& item = batch.items[index_of(cookie, kItemBits)];
  if (item.done) return;
  item.id = id;
  item.done = item.kept = true;
  item.copy = position == 0;
  batch.position = std::max(batch.position, position);
  batch.left--;
  close_if_done(slot_of(cookie & ~kItemBit, kItemBits));
}

void Batches::copied(queue::Cookie cookie, const Id& first, bool key_reused) {
  if (key_reused)
    return refused(cookie, {Code::kKeyReused, "this key came before with another body"});
  label(cookie, "duplicate");
  context_.copies.note(open_of(cookie).trigger, first);
  kept(cookie, first);
}

void Batches::refused(queue::Cookie cookie, const Rejected& why) {
  refuse(open_of(cookie), index_of(cookie, kItemBits), why);
  close_if_done(slot_of(cookie & ~kItemBit, kItemBits));
}

void Batches::refuse(Open& batch, size_t index, const Rejected& why) {
  Item& item = batch.items[index];
  if (item.done) return;
  const bool alike = !batch.reasons.empty() && batch.reasons.back().code == why.code &&
                     batch.reasons.back().detail == why.detail;
  if (!alike) {
    if (batch.reasons.size() < kRejectionsNoted)
      context_.rejections.note(batch.trigger, why.code,
                               "item " + std::to_string(index) + ": " + why.detail);
    batch.reasons.push_back(why);
  }
  item = {Id(), static_cast<uint32_t>(batch.reasons.size() - 1), true, false};
  batch.left--;
}

void Batches::close_if_done(uint32_t slot) {
  const Open& batch = *open_[slot];
  if (batch.left > 0) return;
  const bool whole = std::all_of(batch.items.begin(), batch.items.end(),
                                 [](const Item& item) { return item.kept; });
  if (!whole) context_.guard.forget_signature(batch.signature);
  Response answer = render(batch);
  add_receipt(batch, answer);
  context_.server.respond(batch.exchange, std::move(answer));
  open_[slot].reset();
  free_.push_back(slot);
}

}  // namespace penstock::gateway
