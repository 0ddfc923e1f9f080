#include "queue/committer.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <utility>

#include "queue/short_slice.h"

namespace penstock::queue {

static constexpr std::chrono::milliseconds kUpkeepEvery{1000}, kHealEvery{250};

Committer::Committer(Store& store, uint64_t sequence, const Clock& clock,
                     std::function<void()> wake)
    : store_(store), step_(store, sequence), clock_(clock), wake_(std::move(wake)) {
  thread_ = std::thread([this] { run(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  gathered_.notify_one();
  thread_.join();
}

void Committer::push(Batch batch) {
  bool idle;
  {
    const std::lock_guard lock(mutex_);
    mailbox_.push_back(std::move(batch));
    idle = std::exchange(idle_, false);
  }
  if (idle) gathered_.notify_one();  // a wake-up costs the loop more than the push
}

Status Committer::fault() const {
  if (!failed_.load(std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex_);
  return fault_;
}

bool Committer::writable() const { return !failed_ && !healing_ && store_.writable(); }

CommitCounts Committer::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

// Under load a commit as soon as possible is a small one, and the fsyncs eat the CPU that the next
// events need. One that waits about as long as an fsync takes carries several times as many. A lone
// sender, whose commits gather one turn each, never waits.
uint64_t Committer::linger_us() const {
  static constexpr uint64_t kLongestUs = 600;
  return last_batches_ >= 3 ? std::min(last_us_, kLongestUs) : 0;
}

void Committer::linger() {
  const uint64_t us = linger_us();
  if (us > 0) std::this_thread::sleep_for(std::chrono::microseconds(us));
}

bool Committer::collect(std::vector<Batch>& batches) {
  batches.clear();
  linger();
  std::unique_lock lock(mutex_);
  idle_ = mailbox_.empty();
  gathered_.wait_for(lock, kUpkeepEvery, [this] { return stopping_ || !mailbox_.empty(); });
  idle_ = false;
  batches.swap(mailbox_);
  last_batches_ = batches.size();
  return !batches.empty() || !stopping_;
}

void Committer::run() {
  ask_for_short_slices();
  std::vector<Batch> batches;
  while (collect(batches)) {
    if (!batches.empty()) {
      if (Status status = commit(batches); !status.ok()) return fail(std::move(status));
      durable_.store(batches.back().ticket, std::memory_order_release);
      wake_();
    }
    upkeep();
    if (failed_) return;
  }
}

Status Committer::commit(const std::vector<Batch>& batches) {
  const uint64_t start_us = clock_.monotonic_us();
  Status status = step_.run(batches);
  if (status.fault() == Fault::kFull) status = wait_for_space();
  last_us_ = clock_.monotonic_us() - start_us;
  if (status.ok()) count(batches, last_us_);
  return status;
}

Status Committer::wait_for_space() {
  healing_ = true;
  for (;;) {
    Status status = step_.again();
    if (status.fault() != Fault::kFull) {
      healing_ = false;
      return status;
    }
    std::unique_lock lock(mutex_);
    gathered_.wait_for(lock, kHealEvery, [this] { return stopping_; });
    if (stopping_) return status;
  }
}

void Committer::count(const std::vector<Batch>& batches, uint64_t us) {
  const std::lock_guard lock(mutex_);
  counts_.commits++;
  for (const Batch& batch : batches) {
    counts_.events += batch.events.size();
    counts_.bytes += batch.event_bytes;
  }
  counts_.write_us_sum += us;
  counts_.write_us_max = std::max(counts_.write_us_max, us);
  const size_t slot = static_cast<size_t>(std::bit_width(us));
  counts_.write_us_log2[std::min(slot, counts_.write_us_log2.size() - 1)]++;
}

void Committer::upkeep() {
  if (clock_.monotonic_ms() < upkeep_at_ms_) return;
  upkeep_at_ms_ = clock_.monotonic_ms() + static_cast<uint64_t>(kUpkeepEvery.count());
  const bool before = store_.writable();
  if (Status status = store_.tick(); !status.ok()) return fail(std::move(status));
  if (store_.writable() != before) wake_();
}

void Committer::fail(Status status) {
  {
    const std::lock_guard lock(mutex_);
    fault_ = std::move(status);
  }
  failed_.store(true, std::memory_order_release);
  wake_();
}

}  // namespace penstock::queue
