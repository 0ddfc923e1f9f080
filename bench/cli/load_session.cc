#include "bench/cli/load_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "bench/cli/masked_command.h"
#include "bench/load/runner.h"
#include "bench/verify/verifier.h"

namespace penstock::bench {

LoadSession::LoadSession(const RunFlags& flags)
    : flags_(flags),
      progress_(!flags.quiet, isatty(STDERR_FILENO),
                isatty(STDERR_FILENO) && !std::getenv("NO_COLOR")) {
  uv_loop_init(&loop_);
  uv_signal_init(&loop_, &interrupt_);
  interrupt_.data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(&interrupt_));
}

LoadSession::~LoadSession() {
  uv_close(reinterpret_cast<uv_handle_t*>(&interrupt_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

Result<std::unique_ptr<LoadSession>> LoadSession::make(const RunFlags& flags) {
  std::unique_ptr<LoadSession> session(new LoadSession(flags));
  PENSTOCK_TRY(session->prepare());
  return session;
}

Status LoadSession::prepare() {
  auto dialer = Dialer::make(&loop_, flags_.load.url, flags_.load.tls);
  if (!dialer) return dialer.status();
  dialer_ = *std::move(dialer);
  auto payloads = flags_.payloads();
  if (!payloads) return payloads.status();
  auto signer = flags_.signer();
  if (!signer) return signer.status();
  const std::string run = fmt::format("pb-{:x}-{:x}", SystemClock().wall_ms(), getpid());
  auto builder = RequestBuilder::make(flags_.load, *std::move(payloads), *std::move(signer), run);
  if (!builder) return builder.status();
  builder_ = *std::move(builder);
  if (!flags_.record.empty()) {
    auto record = RecordFile::create(flags_.record);
    if (!record) return record.status();
    record_ = *std::move(record);
  }
  if (!flags_.server.given()) return {};
  const auto stats = flags_.server.stats();
  if (!stats) return stats.status();
  before_ = *stats;
  return {};
}

// Once ends the load and reports it; twice ends the program.
void LoadSession::on_interrupt(uv_signal_t* handle, int) {
  auto* self = static_cast<LoadSession*>(handle->data);
  self->interrupted_ = true;
  uv_signal_stop(handle);
  if (self->running_) self->running_->stop();
}

void LoadSession::describe(Report& report, double rate) const {
  const LoadOptions& load = flags_.load;
  const char* targets[] = {"ack", "wait", "poll", "stream", "end-to-end"};
  Workload& w = report.workload;
  w.target = targets[static_cast<size_t>(load.target)];
  w.url = masked_url(load.url.origin() + load.url.target);
  w.payload = flags_.payload_words();
  w.connections = load.connections;
  w.rate = rate;
  w.batch = load.batch;
  w.signature = flags_.sign;
  w.warmup_ms = load.warmup_ms;
  const Counts& counts = report.measured.counts_of;
  if (counts.sent)
    w.payload_bytes =
        static_cast<double>(counts.bytes_out) / static_cast<double>(counts.sent * load.batch);
  const std::string how = rate > 0 ? fmt::format("{:.0f}/s planned", rate) : "closed loop";
  w.name = !flags_.name.empty() ? flags_.name : fmt::format("{} {}, {}", w.target, w.url, how);
  for (const Watched& watched : load.watched) report.watched.push_back(watched.name);
}

Result<Report> LoadSession::measure(double rate) {
  LoadOptions load = flags_.load;
  load.rate = rate;
  Report report;
  report.begin_ms = SystemClock().wall_ms();
  {
    Runner runner(*dialer_, load, *builder_, report.measured, ledger_, record_.get());
    running_ = &runner;
    runner.show([this](const Progress& progress) { progress_.show(progress); });
    uv_signal_start(&interrupt_, on_interrupt, SIGINT);
    const Status done = runner.run();
    uv_signal_stop(&interrupt_);
    running_ = nullptr;
    progress_.clear();
    if (!done.ok()) return done;
    report.own_cpu = runner.own_cpu();
  }
  report.end_ms = SystemClock().wall_ms();
  report.seconds = report.measured.seconds();
  fate_unknown_ += report.measured.fate_unknown;
  describe(report, rate);
  return report;
}

Status LoadSession::verify(Report& report) {
  if (flags_.verify) {
    VerifyOptions options;
    options.drain_ms = flags_.drain_ms;
    options.tag = flags_.load.tag;
    Verifier verifier(*dialer_, *builder_, ledger_, options);
    verifier.show([this](uint64_t asked, uint64_t open) {
      progress_.show_verifying(asked, ledger_.known(), open);
    });
    auto verdict = verifier.run();
    progress_.clear();
    if (!verdict) return verdict.status();
    report.verdict = *std::move(verdict);
  }
  if (!flags_.server.given()) return {};
  const auto after = flags_.server.stats();
  if (!after) return after.status();
  const uint64_t runs = ledger_.known() - std::min(ledger_.known(), ledger_.shared_runs());
  report.conservation = {true, before_, *after, runs, fate_unknown_};
  const auto limits = flags_.server.limits();
  if (limits) report.environment.server_limits = *limits;
  return {};
}

}  // namespace penstock::bench
