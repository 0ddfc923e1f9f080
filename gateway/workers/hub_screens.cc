// Events that executors look at before they are kept: sent to the least busy, a bounded amount
// each.
#include "gateway/workers/hub.h"
#include "proto/limits.h"

namespace penstock::gateway {

static constexpr size_t in_flight_bytes_max = 8 * 1024 * 1024;  // a worker's; one larger goes alone

Worker* WorkerHub::free_screener() {
  Worker* best = nullptr;
  for (auto& [id, worker] : workers_) {
    if (worker->state != Worker::State::kServing) continue;
    if (!best || screens_.in_flight(id) < screens_.in_flight(best->info.id)) best = worker.get();
  }
  return best;
}

void WorkerHub::screen(worker::Screen wanted, ScreenJobs::Then then) {
  if (!free_screener())
    return then(Status::unavailable("no executor is connected to look at this event"));
  if (screens_.full()) return then(Status::full("too many events wait for an executor's look"));
  screens_.add(std::move(wanted), std::move(then), clock_.monotonic_ms());
  send_screens();
}

void WorkerHub::send_screens() {
  while (const uint64_t cookie = screens_.next()) {
    Worker* worker = free_screener();
    if (!worker) return;
    const size_t bytes = screens_.bytes(cookie);
    const size_t flying = screens_.in_flight(worker->info.id);
    if (flying > 0 && flying + bytes > in_flight_bytes_max) return;
    send_screen(*worker, cookie);
  }
}

void WorkerHub::send_screen(Worker& worker, uint64_t cookie) {
  *worker.outgoing().add_screens() = screens_.wanted(cookie);
  screens_.sent(cookie, worker.info.id);
}

void WorkerHub::on_screened(Worker& worker, worker::Frame& frame) {
  for (auto& answer : *frame.mutable_screened()) {
    if (auto then = screens_.answered(answer.cookie(), worker.info.id)) (*then)(std::move(answer));
  }
  if (worker.state == Worker::State::kServing) send_screens();
}

}  // namespace penstock::gateway
