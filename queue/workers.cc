#include "queue/workers.h"

#include <algorithm>
#include <cassert>

namespace penstock::queue {

static bool takes_more(const Worker& worker) {
  return !worker.draining && !worker.lost && worker.runs.size() < worker.slots;
}

Worker* Workers::find(WorkerId id) {
  for (const auto& worker : workers_)
    if (worker->id == id) return worker.get();
  return nullptr;
}

void Workers::join(WorkerId id, uint32_t slots, uint64_t now_ms) {
  Worker* worker = find(id);
  if (!worker) worker = workers_.emplace_back(std::make_unique<Worker>()).get();
  worker->id = id;
  worker->slots = slots;
  worker->draining = worker->lost = false;
  worker->heard_ms = now_ms;
}

void Workers::alive(WorkerId id, uint64_t now_ms) {
  if (Worker* worker = find(id)) {
    worker->heard_ms = now_ms;
    worker->lost = false;
  }
}

void Workers::drain(WorkerId id) {
  if (Worker* worker = find(id)) worker->draining = true;
}

void Workers::forget(WorkerId id) {
  std::erase_if(workers_, [id](const auto& worker) { return worker->id == id; });
}

Worker* Workers::choose() {
  Worker* best = nullptr;
  for (const auto& worker : workers_)
    if (takes_more(*worker) && (!best || worker->runs.size() * best->slots <
                                             best->runs.size() * worker->slots))
      best = worker.get();
  return best;
}

void Workers::lease(Worker& worker, Run& run) {
  run.worker = worker.id;
  worker.runs.push_back(run);
  slots_used_++;
}

void Workers::release(Run& run) {
  Worker* worker = find(run.worker);
  assert(worker);
  worker->runs.remove(run);
  slots_used_--;
}

Worker* Workers::expired(uint64_t now_ms) {
  for (const auto& worker : workers_) {
    if (worker->lost || now_ms < worker->heard_ms + lease_ms_) continue;
    worker->lost = true;
    return worker.get();
  }
  return nullptr;
}

void Workers::forgive(uint64_t now_ms) {
  for (const auto& worker : workers_) worker->heard_ms = now_ms;
}

std::optional<uint64_t> Workers::next_expiry_ms() const {
  std::optional<uint64_t> next;
  for (const auto& worker : workers_)
    if (!worker->lost) next = std::min(next.value_or(UINT64_MAX), worker->heard_ms + lease_ms_);
  return next;
}

uint64_t Workers::slots() const {
  uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->slots;
  return sum;
}

uint64_t Workers::slots_free() const {
  uint64_t sum = 0;
  for (const auto& worker : workers_)
    if (takes_more(*worker)) sum += worker->slots - worker->runs.size();
  return sum;
}

}  // namespace penstock::queue
