#include "gateway/workers/piece_gather.h"

namespace penstock::gateway {

void PieceGather::add(uint32_t worker, Id id, uint64_t fence, records::StreamPiece piece,
                      uint64_t now_ms) {
  auto [found, fresh] = entries_.try_emplace(id);
  Entry& entry = found->second;
  if (!fresh && entry.fence != fence) {  // another attempt
    forget(id);
    return add(worker, id, fence, std::move(piece), now_ms);
  }
  if (fresh) {
    entry.worker = worker;
    entry.fence = fence;
    entry.rules = rules_of_(id);
  }
  const bool is_text = piece.type() == "delta";
  const bool goes_on = entry.holding && is_text && entry.piece.ordinal() == piece.ordinal();
  if (entry.holding && !goes_on) keep(entry, id, now_ms);
  if (goes_on) {
    entry.piece.mutable_data()->append(piece.data());
  } else {
    entry.piece = std::move(piece);
  }
  const uint64_t due_ms = entry.kept_at_ms + entry.rules.ms;
  if (!is_text || fresh || now_ms >= due_ms || entry.piece.data().size() >= entry.rules.bytes)
    return keep(entry, id, now_ms);
  if (!std::exchange(entry.holding, true)) due_.emplace(due_ms, id);
}

void PieceGather::keep(Entry& entry, Id id, uint64_t now_ms) {
  if (std::exchange(entry.holding, false)) due_.erase({entry.kept_at_ms + entry.rules.ms, id});
  entry.kept_at_ms = now_ms;
  keep_(id, entry.fence, std::exchange(entry.piece, {}));
}

void PieceGather::flush(Id id, uint64_t now_ms) {
  const auto found = entries_.find(id);
  if (found != entries_.end() && found->second.holding) keep(found->second, id, now_ms);
}

uint64_t PieceGather::turn(uint64_t now_ms) {
  while (!due_.empty() && due_.begin()->first <= now_ms) flush(due_.begin()->second, now_ms);
  return due_.empty() ? UINT64_MAX : due_.begin()->first;
}

void PieceGather::forget(Id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const Entry& entry = found->second;
  if (entry.holding) due_.erase({entry.kept_at_ms + entry.rules.ms, id});
  entries_.erase(found);
}

void PieceGather::forget_worker(uint32_t worker) {
  std::vector<Id> ids;
  for (const auto& [id, entry] : entries_)
    if (entry.worker == worker) ids.push_back(id);
  for (const Id id : ids) forget(id);
}

}  // namespace penstock::gateway
