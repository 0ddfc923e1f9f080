#include "gateway/app/samples.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

uint32_t samples_wanted(const records::TriggerDefinition& trigger) {
  const uint32_t set = trigger.mapping().samples_max();
  return set ? set : static_cast<uint32_t>(limits::samples_max);
}

void Samples::read(const records::TriggerDefinition& trigger, Then then) {
  auto job = std::make_shared<Job>();
  job->query.trigger = trigger.name();
  job->query.samples = true;
  job->query.since_ms = trigger.created_at_ms();  // one of the same name may have been before it
  job->wanted = samples_wanted(trigger);
  job->then = std::move(then);
  list(job);
}

void Samples::list(const JobPtr& job) {
  job->query.limit = job->wanted - static_cast<uint32_t>(job->ids.size());
  job->pages++;
  const auto cookie =
      context_.pending.read([this, job](queue::ReadDone& done) { listed(job, done); });
  context_.queue.list(job->query, cookie);
}

void Samples::listed(const JobPtr& job, queue::ReadDone& done) {
  if (!done.status.ok()) return job->then(done.status);
  const auto& page = std::get<queue::ListPage>(done.value);
  for (const queue::ListEntry& entry : page.entries) job->ids.push_back(entry.id);
  const bool enough = job->ids.size() >= job->wanted;
  const bool far = job->pages * uint64_t{queue::ListQuery().scan_max} >= limits::sample_scan_max;
  if (!page.next.is_zero() && !enough && !far) {
    job->query.before = page.next;
    return list(job);
  }
  if (job->ids.empty() && job->query.samples) {
    job->query.samples = false;
    job->query.before = Id();
    job->pages = 0;
    return list(job);
  }
  read_next(job);
}

void Samples::read_one(Id id, Then then) {
  auto job = std::make_shared<Job>();
  job->ids = {id};
  job->wanted = 1;
  job->then = std::move(then);
  read_next(job);
}

void Samples::read_next(const JobPtr& job) {
  if (job->ids.empty() || job->bytes >= limits::sample_bytes_max)
    return job->then(std::move(job->samples));
  const Id id = job->ids.front();
  job->ids.erase(job->ids.begin());
  const auto cookie =
      context_.pending.read([this, job, id](queue::ReadDone& done) { read_done(job, id, done); });
  context_.queue.read_run(id, false, cookie);
}

void Samples::read_done(const JobPtr& job, Id id, queue::ReadDone& done) {
  if (!done.status.ok()) return job->then(done.status);
  const auto& read = std::get<queue::RunRead>(done.value);
  Sample sample{id, {}, {}};
  if (read.event && sample.meta.ParseFromString(read.event->meta)) {
    sample.body = std::string(read.event->body.view());
    job->bytes += sample.body.size();
    job->samples.push_back(std::move(sample));
  }
  read_next(job);
}

}  // namespace penstock::gateway
