#include "executor/tasks/caller.h"

namespace penstock::executor {

static constexpr uint64_t kLingerMs = 1'000;
static constexpr TimerQueue::Key kLanes = 0;

Caller::Caller(uv_loop_t* loop, const Clock& clock, CallerOptions options)
    : clock_(clock),
      client_(loop, std::move(options.http)),
      processes_(loop, clock, std::move(options.processes)),
      local_files_(options.local_files),
      unsure_(std::move(options.unsure)),
      lanes_(options.chat),
      pauses_(loop, clock),
      flushes_(loop, clock),
      lane_timer_(loop, clock) {}

void Caller::start(Order order) {
  Call& made = calls_[order.key];
  made.owner = order.owner;
  made.gate.hold_back(unsure_);
  made.procedure = make_call(order.call, {std::move(order.idempotency_key), &caches_,
                                          clock_.wall_ms(), local_files_, std::move(order.told)});
  advance(order.key, made, made.procedure->begin());
}

// Sends what the procedure wants sent, or ends the call.
void Caller::advance(Key key, Call& call, CallStep step) {
  tell(key, call);
  if (auto* result = std::get_if<flow::TaskResult>(&step)) {
    std::vector<CallPiece> last;
    call.gate.flush(clock_.wall_ms(), last);
    for (CallPiece& piece : last) told_.push_back({key, std::move(piece)});
    flushes_.cancel(key);
    done_.push_back({key, std::move(*result)});
    calls_.erase(key);
  } else if (const auto* pause = std::get_if<Pause>(&step)) {
    pauses_.add(key, clock_.wall_ms() + pause->ms);
  } else if (auto* process = std::get_if<ProcessRequest>(&step)) {
    call.process = processes_.start(std::move(*process));
    started_[call.process] = key;
  } else if (auto* input = std::get_if<ProcessInput>(&step)) {
    processes_.write(call.process, std::move(input->bytes));
  } else {
    send(key, call, std::move(std::get<HttpRequest>(step)));
  }
}

void Caller::send(Key key, Call& call, HttpRequest request) {
  if (!request.lane.empty()) {
    lanes_.want(request.lane, key, call.owner);
    call.queued = std::make_unique<HttpRequest>(std::move(request));
    return admit();
  }
  call.exchange = client_.start(std::move(request));
  exchanges_[call.exchange] = key;
}

void Caller::admit() {
  for (const Key key : lanes_.admit(clock_.wall_ms())) {
    Call& call = calls_.at(key);
    call.exchange = client_.start(std::move(*call.queued));
    call.queued.reset();
    exchanges_[call.exchange] = key;
  }
  lane_timer_.cancel(kLanes);
  if (const auto next_ms = lanes_.next_ms()) lane_timer_.add(kLanes, *next_ms);
}

void Caller::end_exchange(Key key, Call& call) {
  exchanges_.erase(call.exchange);
  call.exchange = 0;
  lanes_.leave(key);
}

void Caller::cancel(Key key) {
  auto found = calls_.find(key);
  if (found == calls_.end()) {
    std::erase_if(done_, [key](const Done& done) { return done.key == key; });
    return;
  }
  Call& call = found->second;
  call.procedure->abandoned();
  tell(key, call);
  if (call.exchange) client_.cancel(call.exchange);
  end_exchange(key, call);
  if (call.process) processes_.cancel(call.process);
  started_.erase(call.process);
  pauses_.cancel(key);
  flushes_.cancel(key);
  calls_.erase(found);
}

bool Caller::turn() {
  client_.turn();
  for (const HttpClient::Data& data : client_.take_data()) receive(data);
  for (HttpClient::Done& done : client_.take_done()) {
    auto found = exchanges_.find(done.token);
    if (found == exchanges_.end()) continue;
    const Key key = found->second;
    Call& call = calls_.at(key);
    end_exchange(key, call);
    advance(key, call, call.procedure->replied(std::move(done.reply)));
  }
  turn_processes();
  for (const Key key : pauses_.take_due()) {
    Call& call = calls_.at(key);
    advance(key, call, call.procedure->resumed());
  }
  for (const Key key : flushes_.take_due()) tell(key, calls_.at(key));
  lane_timer_.take_due();
  admit();
  hang_up_lingering(clock_.monotonic_ms());
  return !done_.empty() || !told_.empty();
}

void Caller::receive(const HttpClient::Data& data) {
  auto found = exchanges_.find(data.token);
  if (found == exchanges_.end()) return;
  const Key key = found->second;
  Call& call = calls_.at(key);
  if (data.first) call.procedure->opened(data.headers);
  std::optional<CallStep> step = call.procedure->received(data.bytes);
  if (!step) return tell(key, call);
  lingering_.emplace_back(clock_.monotonic_ms() + kLingerMs, call.exchange);
  end_exchange(key, call);
  advance(key, call, std::move(*step));
}

void Caller::turn_processes() {
  processes_.turn();
  for (const ProcessPool::Data& data : processes_.take_data()) {
    auto found = started_.find(data.token);
    if (found == started_.end()) continue;
    const Key key = found->second;
    Call& call = calls_.at(key);
    std::optional<CallStep> step = call.procedure->received(data.bytes);
    if (!step) continue;
    if (!std::holds_alternative<ProcessInput>(*step)) {  // it has said enough
      processes_.cancel(data.token);
      started_.erase(found);
    }
    advance(key, call, std::move(*step));
  }
  for (ProcessPool::Done& done : processes_.take_done()) {
    auto found = started_.find(done.token);
    if (found == started_.end()) continue;
    const Key key = found->second;
    started_.erase(found);
    Call& call = calls_.at(key);
    advance(key, call, call.procedure->ended(std::move(done.reply)));
  }
}

// Hands on what readers may hear now; the rest when its time has come.
void Caller::tell(Key key, Call& call) {
  const uint64_t now_ms = clock_.wall_ms();
  std::vector<CallPiece> out;
  call.gate.add(call.procedure->take_pieces(), now_ms, out);
  for (CallPiece& piece : out) told_.push_back({key, std::move(piece)});
  const std::optional<uint64_t> due_ms = call.gate.due_ms();
  flushes_.cancel(key);
  if (due_ms) flushes_.add(key, *due_ms);
}

void Caller::hang_up_lingering(uint64_t now_ms) {
  while (!lingering_.empty() && lingering_.front().first <= now_ms) {
    client_.cancel(lingering_.front().second);
    lingering_.pop_front();
  }
}

}  // namespace penstock::executor
