#include "bench/load/conversation.h"

namespace penstock::bench {

static bool success(int status) {
  return status >= 200 && status < 300;
}

static Next after_post(Target target, const Answer& answer) {
  if (!success(answer.status)) return Next::kRefused;
  if (target == Target::kAck) return Next::kDone;
  if (target == Target::kWait && (answer.status != 202 || !answer.names_run)) return Next::kDone;
  if (!answer.names_run) return Next::kCannotFollow;
  if (target == Target::kStream) return Next::kReadEvents;
  return target == Target::kPoll ? Next::kAskLater : Next::kAskResult;
}

static Next after_result(Target target, const Answer& answer) {
  if (answer.status == 202) return target == Target::kPoll ? Next::kAskLater : Next::kAskResult;
  if (success(answer.status)) return Next::kDone;
  // Unknown or expired: the promise of the 2xx was not kept. All else is how the run ended.
  return answer.status == 404 || answer.status == 410 ? Next::kCannotFollow : Next::kRunFailed;
}

static Next after_events(const Answer& answer) {
  if (!success(answer.status)) return Next::kCannotFollow;
  switch (answer.stream) {
    case StreamEnd::kResult:
      return Next::kDone;
    case StreamEnd::kError:
      return Next::kRunFailed;
    case StreamEnd::kNone:
      break;
  }
  return Next::kCannotFollow;
}

Next next_step(Target target, const Answer& answer) {
  switch (answer.asked) {
    case Asked::kPost:
      return after_post(target, answer);
    case Asked::kResult:
      return after_result(target, answer);
    case Asked::kEvents:
      return after_events(answer);
  }
  return Next::kCannotFollow;
}

}  // namespace penstock::bench
