#include "gateway/app/metrics_text.h"

#include <fmt/format.h>

#include <iterator>

namespace penstock::gateway {
namespace {

/// Writes families in the exposition format, one HELP and TYPE each.
class Exposition {
 public:
  void counter(std::string_view name, std::string_view help, uint64_t value) {
    head(name, help, "counter");
    sample(name, "", static_cast<double>(value));
  }
  void gauge(std::string_view name, std::string_view help, double value) {
    head(name, help, "gauge");
    sample(name, "", value);
  }
  void head(std::string_view name, std::string_view help, std::string_view type) {
    fmt::format_to(std::back_inserter(text_), "# HELP penstock_{0} {1}\n# TYPE penstock_{0} {2}\n",
                   name, help, type);
  }
  void sample(std::string_view name, std::string_view labels, double value) {
    fmt::format_to(std::back_inserter(text_), "penstock_{}{} {}\n", name, labels, value);
  }
  /// Counts by powers of two of microseconds, as seconds.
  void histogram(std::string_view name, std::string_view help,
                 const std::vector<uint64_t>& log2_us, uint64_t sum_us) {
    head(name, help, "histogram");
    uint64_t below = 0;
    for (size_t i = 0; i < log2_us.size(); i++) {
      below += log2_us[i];
      const double bound = static_cast<double>(uint64_t{1} << i) / 1e6;
      sample(std::string(name) + "_bucket", fmt::format("{{le=\"{}\"}}", bound),
             static_cast<double>(below));
    }
    sample(std::string(name) + "_bucket", "{le=\"+Inf\"}", static_cast<double>(below));
    sample(std::string(name) + "_sum", "", static_cast<double>(sum_us) / 1e6);
    sample(std::string(name) + "_count", "", static_cast<double>(below));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

/// By trigger and, of a fan-out, workflow; the first hundred only.
static void write_flow(Exposition& out, const Context& context) {
  static constexpr size_t kGroupsMax = 100;
  std::vector<queue::FlowState> states = context.queue.flow_states();
  if (states.empty()) return;
  if (states.size() > kGroupsMax) states.resize(kGroupsMax);
  const auto labels = [](const queue::FlowState& state) {
    return fmt::format("{{trigger=\"{}\",workflow=\"{}\"}}", state.trigger, state.workflow);
  };
  out.head("flow_running", "Runs at once, of triggers with limits or lanes.", "gauge");
  for (const auto& state : states)
    out.sample("flow_running", labels(state), static_cast<double>(state.running));
  out.head("flow_held", "Runs that wait for a lane or a limit.", "gauge");
  for (const auto& state : states)
    out.sample("flow_held", labels(state), static_cast<double>(state.held));
  out.head("breaker_open", "Whether the breaker keeps runs from beginning.", "gauge");
  for (const auto& state : states)
    out.sample("breaker_open", labels(state), std::string_view(state.breaker) == "open");
  out.head("breaker_opened_total", "How often the breaker opened.", "counter");
  for (const auto& state : states)
    out.sample("breaker_opened_total", labels(state), static_cast<double>(state.opened));
}

static void write_queue(Exposition& out, const Context& context) {
  const queue::Counters c = context.queue.counters();
  out.counter("events_accepted_total", "Events acknowledged, samples included.", c.accepted);
  out.counter("events_filtered_total", "Samples that a trigger's filter passed over.", c.filtered);
  out.head("runs_ended_total", "Runs by how they ended.", "counter");
  out.sample("runs_ended_total", "{status=\"succeeded\"}", static_cast<double>(c.succeeded));
  out.sample("runs_ended_total", "{status=\"failed\"}", static_cast<double>(c.failed));
  out.sample("runs_ended_total", "{status=\"cancelled\"}", static_cast<double>(c.cancelled));
  out.sample("runs_ended_total", "{status=\"dead\"}", static_cast<double>(c.dead));
  out.head("runs", "Runs that have not ended, and captured samples.", "gauge");
  out.sample("runs", "{status=\"queued\"}", static_cast<double>(c.queued));
  out.sample("runs", "{status=\"running\"}", static_cast<double>(c.running));
  out.sample("runs", "{status=\"waiting\"}", static_cast<double>(c.waiting));
  out.sample("runs", "{status=\"captured\"}", static_cast<double>(c.captured));
  const queue::ServiceMetrics m = context.queue.metrics();
  out.gauge("queue_oldest_seconds", "Age of the oldest queued run.",
            static_cast<double>(m.oldest_queued_ms) / 1000);
  out.counter("commits_total", "Commits, one fsync each.", m.commits);
  out.counter("committed_events_total", "Events in those commits.", m.committed_events);
  out.counter("committed_bytes_total", "Bytes of those events.", m.committed_bytes);
  out.histogram("fsync_seconds", "Write and fsync of a commit.", m.fsync_us_log2, m.fsync_us_sum);
  out.gauge("fsync_longest_seconds", "The longest commit since start.",
            static_cast<double>(m.fsync_us_max) / 1e6);
  out.gauge("commit_backlog_events", "Events that wait for their fsync.",
            static_cast<double>(m.backlog_events));
  out.gauge("executor_slots", "Runs the connected executors take at once.",
            static_cast<double>(m.slots));
  out.gauge("executor_slots_used", "Runs they have.", static_cast<double>(m.slots_used));
  out.counter("retries_total", "Attempts after the first.", m.retries);
  out.counter("leases_lost_total", "Attempts ended by a lost executor.", m.leases_lost);
  out.counter("stale_results_total", "Results that came too late and were ignored.",
              m.stale_results);
  out.counter("duplicates_total", "Deliveries told from their first by the dedup key.",
              m.duplicates);
  out.counter("keys_reused_total", "Idempotency keys that came again with another body.",
              m.keys_reused);
  out.gauge("dedup_keys", "Dedup keys remembered.", static_cast<double>(m.dedup_keys));
  out.gauge("dedup_bytes", "Memory they take.", static_cast<double>(m.dedup_bytes));
  out.counter("dedup_reads_total", "Dedup keys looked up on disk.", m.dedup_reads);
  out.gauge("runs_held", "Runs that wait for a lane or a limit.", static_cast<double>(m.held));
  out.counter("rate_limited_total", "Requests over their trigger's rate.",
              context.health.rate_limited);
  out.counter("single_flight_shared_total", "Requests that shared the run of one like them.",
              context.health.single_flight_shared);
  write_flow(out, context);
  out.gauge("disk_bytes", "Size of the store.", static_cast<double>(m.disk_bytes));
}

static void write_http(Exposition& out, const ServerMetrics& m) {
  out.gauge("connections", "Open connections.", static_cast<double>(m.connections_open));
  out.counter("connections_total", "Connections accepted.", m.connections_total);
  out.counter("connections_refused_total", "Connections over the limit.", m.connections_refused);
  out.counter("http_requests_total", "Requests read in full.", m.requests_total);
  out.counter("http_bad_requests_total", "Requests refused by the parser.", m.bad_requests_total);
  out.counter("http_bytes_in_total", "Bytes read.", m.bytes_in);
  out.counter("http_bytes_out_total", "Bytes written.", m.bytes_out);
  out.head("http_responses_total", "Answers by class of status.", "counter");
  for (size_t i = 1; i <= 5; i++)
    out.sample("http_responses_total", fmt::format("{{class=\"{}xx\"}}", i),
               static_cast<double>(m.responses_by_class[i]));
}

std::string metrics_text(const Context& context) {
  Exposition out;
  out.head("build_info", "What runs.", "gauge");
  out.sample("build_info", "{version=\"" PENSTOCK_VERSION "\"}", 1);
  write_queue(out, context);
  write_http(out, context.server.metrics());
  out.head("rejected_total", "Deliveries refused, by the code they were answered with.", "counter");
  for (size_t i = 0; i < Rejections::codes; i++)
    if (const uint64_t count = context.rejections.counts()[i])
      out.sample("rejected_total",
                 fmt::format("{{code=\"{}\"}}", problem_kind(static_cast<Code>(i)).word),
                 static_cast<double>(count));
  out.gauge("held_replies", "Callers who wait for a run.",
            static_cast<double>(context.waiters.size()));
  out.gauge("stream_readers", "Readers of runs' streams.",
            static_cast<double>(context.streams.size()));
  out.gauge("loop_turn_longest_seconds", "The longest turn of the loop in the last ten seconds.",
            static_cast<double>(context.health.loop_turn_us_recent) / 1e6);
  out.gauge("loop_turn_max_seconds", "The longest turn of the loop since start.",
            static_cast<double>(context.health.loop_turn_us_max) / 1e6);
  out.gauge("executors", "Executors connected.", static_cast<double>(context.workers.connected()));
  out.counter("executor_restarts_total", "Executors started again.",
              context.health.executor_restarts);
  return out.take();
}

}  // namespace penstock::gateway
