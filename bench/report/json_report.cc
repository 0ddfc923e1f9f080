#include "bench/report/json_report.h"

#include "bench/report/json_histogram.h"
#include "bench/report/json_sections.h"

namespace penstock::bench {

using Json = nlohmann::ordered_json;

static double ms(uint64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

/// aggregated<Name>Latency…: over the whole run.
static void add_aggregate(Json& out, const std::string& name, const Histogram& histogram) {
  const std::string prefix = "aggregated" + name + "Latency";
  out[prefix + "Avg"] = histogram.mean() / 1e6;
  const std::pair<const char*, double> points[] = {{"50pct", 50},    {"75pct", 75},
                                                   {"95pct", 95},    {"99pct", 99},
                                                   {"999pct", 99.9}, {"9999pct", 99.99}};
  for (const auto& [word, percentile] : points) out[prefix + word] = ms(histogram.at(percentile));
  out[prefix + "Max"] = ms(histogram.max());
  Json quantiles = Json::object();
  for (const double p :
       {0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0})
    quantiles[Json(p).dump()] = ms(histogram.at(p));
  out[prefix + "Quantiles"] = std::move(quantiles);
}

static Json series(const Report& report, double (*of)(const Interval&)) {
  Json out = Json::array();
  for (const Interval& interval : report.measured.intervals()) out.push_back(of(interval));
  return out;
}

static void add_series(Json& out, const Report& report) {
  out["publishRate"] =
      series(report, [](const Interval& i) { return static_cast<double>(i.done) / i.length_s; });
  out["publishErrorRate"] =
      series(report, [](const Interval& i) { return static_cast<double>(i.errors) / i.length_s; });
  out["backlog"] = series(report, [](const Interval& i) { return static_cast<double>(i.backlog); });
  out["publishLatency50pct"] = series(report, [](const Interval& i) { return ms(i.p50); });
  out["publishLatency99pct"] = series(report, [](const Interval& i) { return ms(i.p99); });
  out["publishLatencyMax"] = series(report, [](const Interval& i) { return ms(i.max); });
}

static void add_latencies(Json& out, const Report& report) {
  const Recorder& measured = report.measured;
  const bool followed = measured.ack.count() > 0;
  add_aggregate(out, "Publish", followed ? measured.ack : measured.latency);
  add_aggregate(out, "PublishDelay", measured.lag);
  add_aggregate(out, "Service", measured.service);
  if (followed) add_aggregate(out, "EndToEnd", measured.latency);
  if (measured.first.count()) add_aggregate(out, "FirstPiece", measured.first);
  out["histograms"] = {{"unit", "ns"},
                       {"latency", histogram_json(measured.latency)},
                       {"service", histogram_json(measured.service)},
                       {"ack", histogram_json(measured.ack)},
                       {"first", histogram_json(measured.first)},
                       {"lag", histogram_json(measured.lag)}};
}

std::string to_json(const Report& report) {
  Json out;
  out["schema"] = report_schema;
  out["workload"] = report.workload.name;
  out["driver"] = "penstock-bench";
  out["messageSize"] = report.workload.payload_bytes;
  out["beginTime"] = report.begin_ms;
  out["endTime"] = report.end_ms;
  out["seconds"] = report.seconds;
  out["requestRate"] = report.rate();
  out["eventRate"] = report.event_rate();
  out["load"] = load_json(report.workload);
  out["counts"] = counts_json(report.measured);
  add_latencies(out, report);
  add_series(out, report);
  out["watched"] = watched_json(report);
  out["clientCpu"] = report.own_cpu;
  if (report.verdict) out["verify"] = verdict_json(*report.verdict);
  if (report.conservation.known) out["conservation"] = conservation_json(report.conservation);
  if (!report.steps.empty()) out["steps"] = steps_json(report.steps);
  out["environment"] = environment_json(report.environment);
  out["warnings"] = report.warnings;
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace penstock::bench
