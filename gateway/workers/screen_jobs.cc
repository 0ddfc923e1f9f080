#include "gateway/workers/screen_jobs.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

bool ScreenJobs::full() const {
  return jobs_.size() >= limits::screens_max || bytes_ >= limits::screen_bytes_max;
}

void ScreenJobs::add(worker::Screen wanted, Then then, uint64_t now_ms) {
  const uint64_t cookie = ++last_cookie_;
  wanted.set_cookie(cookie);
  const size_t bytes = wanted.body().size() + wanted.meta().size() + wanted.trigger().size();
  jobs_.emplace(
      cookie, Job{std::move(wanted), std::move(then), bytes, now_ms + limits::screen_ms_max, 0, 0});
  bytes_ += bytes;
  waiting_.push_back(cookie);
}

void ScreenJobs::sent(uint64_t cookie, uint32_t worker) {
  if (!waiting_.empty() && waiting_.front() == cookie)
    waiting_.pop_front();
  else
    std::erase(waiting_, cookie);
  Job& job = jobs_.at(cookie);
  job.worker = worker;
  job.tries++;
  in_flight_[worker] += job.bytes;
}

ScreenJobs::Then ScreenJobs::remove(std::map<uint64_t, Job>::iterator job) {
  Then then = std::move(job->second.then);
  bytes_ -= job->second.bytes;
  if (const auto flying = in_flight_.find(job->second.worker); flying != in_flight_.end())
    flying->second -= job->second.bytes;
  jobs_.erase(job);
  return then;
}

size_t ScreenJobs::in_flight(uint32_t worker) const {
  const auto flying = in_flight_.find(worker);
  return flying == in_flight_.end() ? 0 : flying->second;
}

std::optional<ScreenJobs::Then> ScreenJobs::answered(uint64_t cookie, uint32_t worker) {
  const auto job = jobs_.find(cookie);
  if (job == jobs_.end() || job->second.worker != worker) return std::nullopt;
  return remove(job);
}

std::vector<ScreenJobs::Then> ScreenJobs::worker_gone(uint32_t worker) {
  std::vector<Then> given_up;
  in_flight_.erase(worker);
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    const auto at = job++;
    if (at->second.worker != worker) continue;
    at->second.worker = 0;
    if (at->second.tries < limits::screen_tries_max)
      waiting_.push_back(at->first);
    else
      given_up.push_back(remove(at));
  }
  return given_up;
}

std::vector<ScreenJobs::Then> ScreenJobs::expire(uint64_t now_ms) {
  std::vector<Then> late;
  while (!jobs_.empty() && jobs_.begin()->second.deadline_ms <= now_ms) {
    std::erase(waiting_, jobs_.begin()->first);
    late.push_back(remove(jobs_.begin()));
  }
  return late;
}

}  // namespace penstock::gateway
