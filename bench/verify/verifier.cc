#include "bench/verify/verifier.h"

#include "bench/verify/verify_lane.h"

namespace penstock::bench {

static constexpr uint64_t kTickMs = 50;
static constexpr uint64_t kShowMs = 500;
static constexpr uint64_t kAgainMs = 200;  // between two looks at runs that have not ended
static constexpr uint64_t kUnreachableMs = 30'000;

static uint64_t now_ms() {
  return uv_hrtime() / 1'000'000;
}

Verifier::Verifier(Dialer& dialer, RequestBuilder& builder, const Ledger& ledger,
                   const VerifyOptions& options)
    : dialer_(dialer), builder_(builder), ledger_(ledger), options_(options) {
  for (size_t i = 0; i < options.connections; i++)
    lanes_.push_back(std::make_unique<VerifyLane>(*this, dialer));
}

static void free_timer(uv_handle_t* handle) {
  delete reinterpret_cast<uv_timer_t*>(handle);
}

Verifier::~Verifier() {
  lanes_.clear();
  if (timer_) uv_close(reinterpret_cast<uv_handle_t*>(timer_), free_timer);
  uv_run(dialer_.loop(), UV_RUN_DEFAULT);
}

Result<Verdict> Verifier::run() {
  verdict_.doubled = ledger_.doubled() + ledger_.shared_runs();
  if (ledger_.known() == 0) return verdict_;
  begin_ms_ = answer_ms_ = now_ms();
  timer_ = new uv_timer_t{};
  timer_->data = this;
  uv_timer_init(dialer_.loop(), timer_);
  uv_timer_start(timer_, on_tick, 0, kTickMs);
  while (!finished() && now_ms() - answer_ms_ < kUnreachableMs) uv_run(dialer_.loop(), UV_RUN_ONCE);
  if (!finished())
    return Status::unavailable("verifying stopped after " + std::to_string(verdict_.asked) +
                               " runs: the server does not answer" +
                               (last_down_.ok() ? "" : " (" + last_down_.message() + ")"));
  verdict_.not_ended = open_.size();
  for (const uint64_t seq : open_) verdict_.note(seq, ledger_.run(seq), "has not ended");
  return verdict_;
}

void Verifier::on_tick(uv_timer_t* timer) {
  static_cast<Verifier*>(timer->data)->tick();
}

void Verifier::tick() {
  const uint64_t now = now_ms();
  const bool first_look_over = cursor_ >= ledger_.issued() && again_.empty() && under_way_ == 0;
  if (first_look_over && now - answer_ms_ >= kAgainMs && now - begin_ms_ < options_.drain_ms) {
    again_.assign(open_.begin(), open_.end());
    open_.clear();
  }
  for (const auto& lane : lanes_) lane->poke();
  if (progress_ && now - shown_ms_ >= kShowMs) {
    shown_ms_ = now;
    progress_(verdict_.asked, open_.size());
  }
}

uint64_t Verifier::next() {
  if (!again_.empty()) {
    const uint64_t seq = again_.front();
    again_.pop_front();
    under_way_++;
    return seq;
  }
  while (cursor_ < ledger_.issued()) {
    if (ledger_.run(++cursor_).is_zero()) continue;
    verdict_.asked++;
    under_way_++;
    return cursor_;
  }
  return 0;
}

void Verifier::answered(uint64_t seq, int status, std::string_view body) {
  under_way_--;
  answer_ms_ = now_ms();
  // "Not now" is no verdict.
  if (status == 503 || status == 429) return again_.push_back(seq);
  const auto state = status == 200 ? reader_.read(body) : std::nullopt;
  if (!judge(verdict_, seq, ledger_.run(seq), status, state, options_.tag)) open_.push_back(seq);
}

void Verifier::give_back(const std::deque<uint64_t>& unanswered, const Status& why) {
  if (!why.ok()) last_down_ = why;
  under_way_ -= unanswered.size();
  again_.insert(again_.end(), unanswered.begin(), unanswered.end());
}

bool Verifier::finished() const {
  const bool asked = cursor_ >= ledger_.issued() && again_.empty() && under_way_ == 0;
  return asked && (open_.empty() || now_ms() - begin_ms_ >= options_.drain_ms);
}

}  // namespace penstock::bench
