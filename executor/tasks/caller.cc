#include "executor/tasks/caller.h"

namespace penstock::executor {

void Caller::start(Key key, const flow::Call& call, std::string idempotency_key, uint64_t now_ms) {
  Call& made = calls_[key];
  made.procedure = make_call(call, {std::move(idempotency_key), &caches_, now_ms});
  advance(key, made, made.procedure->begin());
}

// Sends what the procedure wants sent, or ends the call.
void Caller::advance(Key key, Call& call, CallStep step) {
  if (auto* result = std::get_if<flow::TaskResult>(&step)) {
    done_.push_back({key, std::move(*result)});
    calls_.erase(key);
    return;
  }
  call.exchange = client_.start(std::move(std::get<HttpRequest>(step)));
  exchanges_[call.exchange] = key;
}

void Caller::cancel(Key key) {
  auto found = calls_.find(key);
  if (found == calls_.end()) {
    std::erase_if(done_, [key](const Done& done) { return done.key == key; });
    return;
  }
  client_.cancel(found->second.exchange);
  exchanges_.erase(found->second.exchange);
  calls_.erase(found);
}

bool Caller::turn() {
  client_.turn();
  for (HttpClient::Done& done : client_.take_done()) {
    auto found = exchanges_.find(done.token);
    if (found == exchanges_.end()) continue;
    const Key key = found->second;
    exchanges_.erase(found);
    Call& call = calls_.at(key);
    advance(key, call, call.procedure->replied(std::move(done.reply)));
  }
  return !done_.empty();
}

}  // namespace penstock::executor
