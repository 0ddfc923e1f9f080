// Those who wait for runs: how each wait ends, by the run, by the clock, by the caller's leaving.
#include <algorithm>

#include "gateway/app/openai.h"
#include "gateway/app/runs.h"

namespace penstock::gateway {

void Runs::on_reply(const queue::PieceStored& stored) {
  std::vector<Waiter> waiters = context_.waiters.take_for_reply(stored.id);
  if (waiters.empty()) return;
  records::Outcome reply;
  reply.ParseFromString(stored.piece->data());
  for (const Waiter& waiter : waiters) {
    Response answer = waiter.openai ? openai_reply(*waiter.openai, stored.id, reply)
                                    : render_reply(stored.id, reply);
    if (waiter.kind == Waiter::Kind::kReply) answer.headers += "Penstock-Durability: disk\r\n";
    answer.headers += waiter.mark;
    context_.server.respond(waiter.exchange, std::move(answer));
  }
}

void Runs::on_gone(ExchangeId exchange) {
  auto departure = context_.waiters.remove(exchange);
  if (!departure) departure = context_.streams.remove(exchange);
  if (!departure || context_.waiters.waiting_for(departure->id) ||
      context_.streams.watching(departure->id))
    return;  // others are there still
  hang_ups_.left(*departure, context_.clock.monotonic_ms());
}

// A caller that was killed looks like one that has said all it had to say. Where its going away
// matters, it counts as gone; should it still read, it gets what there is.
void Runs::on_half_closed(ExchangeId exchange) {
  if (const auto departure = context_.waiters.departure(exchange))
    hang_ups_.left(*departure, context_.clock.monotonic_ms());
}

uint64_t Runs::turn(uint64_t now_ms) {
  expire(now_ms);
  for (const Id id : hang_ups_.take_due(now_ms)) {
    context_.log.info("cancelled: its caller hung up", {{"id", id.text()}});
    context_.queue.cancel(id, context_.pending.cancel([](bool) {}));
  }
  return std::min(context_.waiters.next_deadline_ms(), hang_ups_.next_ms());
}

void Runs::on_ended(const queue::Ended& ended) {
  hang_ups_.returned(ended.id);
  for (const Waiter& waiter : context_.waiters.take(ended.id)) {
    if (waiter.kind != Waiter::Kind::kStatus) {
      Response answer = waiter.openai
                            ? openai_reply(*waiter.openai, ended.id, ended.result->outcome())
                            : render_outcome(ended.id, *ended.result);
      if (waiter.kind == Waiter::Kind::kReply) answer.headers += "Penstock-Durability: disk\r\n";
      answer.headers += waiter.mark;
      context_.server.respond(waiter.exchange, std::move(answer));
      continue;
    }
    queue::RunRead read = *waiter.read;
    read.result = ended.result;
    context_.server.respond(waiter.exchange, status_answer(ended.id, read));
  }
}

void Runs::end_wait(const Waiter& waiter) {
  if (waiter.openai) {
    const auto live = context_.queue.live(waiter.id);
    const auto status = live ? live->status : records::QUEUED;
    return context_.server.respond(waiter.exchange, openai_late(*waiter.openai, waiter.id, status));
  }
  Response answer = waiter.kind == Waiter::Kind::kStatus
                        ? status_answer(waiter.id, *waiter.read)
                        : pending_answer(waiter.id, waiter.applied_wait_s);
  answer.headers += waiter.mark;
  context_.server.respond(waiter.exchange, std::move(answer));
}

void Runs::expire(uint64_t now_ms) {
  if (context_.waiters.next_deadline_ms() > now_ms) return;
  for (const Waiter& waiter : context_.waiters.take_expired(now_ms)) end_wait(waiter);
}

void Runs::release_unstarted() {
  for (Waiter& waiter : context_.waiters.take_all()) {
    const auto live = context_.queue.live(waiter.id);
    if (live && live->status == records::RUNNING) context_.waiters.add(std::move(waiter));
    else end_wait(waiter);
  }
  context_.streams.close_unstarted();
}

void Runs::release_all() {
  for (const Waiter& waiter : context_.waiters.take_all()) end_wait(waiter);
  context_.streams.close_all();
}

}  // namespace penstock::gateway
