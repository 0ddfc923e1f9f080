#include "bench/verify/verdict.h"

namespace penstock::bench {

void Verdict::note(uint64_t seq, const Id& run, std::string what) {
  if (findings.size() < findings_max) findings.push_back({seq, run, std::move(what)});
}

static void count_end(Verdict& verdict, const RunState& state) {
  switch (state.status) {
    case RunState::Status::kCaptured:
      verdict.captured++;
      break;
    case RunState::Status::kSucceeded:
      verdict.succeeded++;
      break;
    case RunState::Status::kFailed:
      verdict.failed++;
      break;
    case RunState::Status::kCancelled:
      verdict.cancelled++;
      break;
    case RunState::Status::kDead:
      verdict.dead++;
      break;
    case RunState::Status::kQueued:
    case RunState::Status::kRunning:
    case RunState::Status::kWaiting:
      break;
  }
  if (state.attempts > 1) verdict.rerun++;
}

bool judge(Verdict& verdict, uint64_t seq, const Id& run, int http_status,
           const std::optional<RunState>& state, const std::string& tag) {
  if (http_status == 404) {
    verdict.lost++;
    verdict.note(seq, run, "lost: the server does not know it");
  } else if (http_status == 410) {
    verdict.expired++;
  } else if (http_status != 200 || !state) {
    verdict.unreadable++;
    verdict.note(seq, run, "answered " + std::to_string(http_status) + " and no run");
  } else if (state->id != run || (!tag.empty() && state->tag != tag)) {
    verdict.mismatched++;
    verdict.note(seq, run,
                 "mismatched: the server answers with run " + state->id.text() +
                     (state->tag.empty() ? "" : ", tag " + state->tag));
  } else if (!state->settled()) {
    return false;
  } else {
    count_end(verdict, *state);
  }
  return true;
}

}  // namespace penstock::bench
