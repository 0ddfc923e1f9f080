#include "bench/report/json_sections.h"

namespace penstock::bench {

using Json = nlohmann::ordered_json;

Json load_json(const Workload& w) {
  return {{"target", w.target},
          {"url", w.url},
          {"loop", w.rate > 0 ? "open" : "closed"},
          {"rate", w.rate},
          {"connections", w.connections},
          {"payload", w.payload},
          {"batch", w.batch},
          {"signature", w.signature},
          {"warmupMs", w.warmup_ms}};
}

std::vector<std::pair<const char*, uint64_t*>> named_counts(Counts& c) {
  return {{"planned", &c.planned},
          {"sent", &c.sent},
          {"done", &c.done},
          {"doneInTime", &c.done_in_time},
          {"events", &c.events},
          {"acknowledged", &c.acked},
          {"refused", &c.refused},
          {"broken", &c.broken},
          {"timedOut", &c.timed_out},
          {"unsent", &c.unsent},
          {"runFailed", &c.run_failed},
          {"unfollowed", &c.unfollowed},
          {"mismatched", &c.mismatched},
          {"late", &c.late},
          {"duplicates", &c.duplicates},
          {"resent", &c.resent},
          {"reconnects", &c.reconnects},
          {"outOfOrder", &c.out_of_order},
          {"bytesOut", &c.bytes_out},
          {"bytesIn", &c.bytes_in}};
}

Json counts_json(const Recorder& measured) {
  Json out;
  Counts counts = measured.counts_of;
  for (const auto& [name, value] : named_counts(counts)) out[name] = *value;
  out["errors"] = counts.errors();
  Json statuses = Json::object();
  for (size_t status = 0; status < measured.statuses.size(); status++)
    if (measured.statuses[status]) statuses[std::to_string(status)] = measured.statuses[status];
  out["statuses"] = std::move(statuses);
  return out;
}

Json watched_json(const Report& report) {
  Json out = Json::array();
  for (size_t i = 0; i < report.watched.size(); i++) {
    Json cpu = Json::array(), rss = Json::array();
    double cpu_s = 0;
    for (const Interval& interval : report.measured.intervals()) {
      if (i >= interval.watched.size()) continue;
      cpu.push_back(interval.watched[i].cpu);
      rss.push_back(interval.watched[i].rss_bytes);
      cpu_s += interval.watched[i].cpu * interval.length_s;
    }
    const auto events = static_cast<double>(report.measured.counts_of.events);
    out.push_back({{"name", report.watched[i]},
                   {"cpuSeconds", cpu_s},
                   {"cpuUsPerEvent", events > 0 ? cpu_s * 1e6 / events : 0},
                   {"cpu", std::move(cpu)},
                   {"rssBytes", std::move(rss)}});
  }
  return out;
}

Json verdict_json(const Verdict& v) {
  Json findings = Json::array();
  for (const Finding& finding : v.findings)
    findings.push_back({{"seq", finding.seq}, {"id", finding.run.text()}, {"what", finding.what}});
  return {{"asked", v.asked},         {"lost", v.lost},
          {"doubled", v.doubled},     {"mismatched", v.mismatched},
          {"expired", v.expired},     {"unreadable", v.unreadable},
          {"notEnded", v.not_ended},  {"captured", v.captured},
          {"succeeded", v.succeeded}, {"failed", v.failed},
          {"cancelled", v.cancelled}, {"dead", v.dead},
          {"rerun", v.rerun},         {"findings", std::move(findings)}};
}

Json conservation_json(const Conservation& c) {
  return {{"holds", c.holds()},
          {"acceptedBefore", c.before.accepted},
          {"acceptedAfter", c.after.accepted},
          {"sumAfter", c.after.sum()},
          {"acknowledged", c.acknowledged},
          {"beyondAcknowledged", c.beyond()},
          {"unanswered", c.unanswered},
          {"openAfter", c.after.open()}};
}

Json steps_json(const std::vector<Step>& steps) {
  Json out = Json::array();
  for (const Step& step : steps)
    out.push_back({{"plannedRate", step.planned_rate},
                   {"rate", step.rate},
                   {"p50Ms", step.p50_ms},
                   {"p99Ms", step.p99_ms},
                   {"p999Ms", step.p999_ms},
                   {"errors", step.errors},
                   {"keptUp", step.kept_up}});
  return out;
}

Json environment_json(const Environment& e) {
  Json limits =
      e.server_limits.empty() ? Json(nullptr) : Json::parse(e.server_limits, nullptr, false);
  if (limits.is_discarded()) limits = nullptr;
  return {{"cpu", e.cpu},
          {"cores", e.cores},
          {"memoryBytes", e.memory_bytes},
          {"kernel", e.kernel},
          {"probeFolder", e.probe_folder},
          {"disk", e.disk},
          {"fsyncP50Us", e.fsync_p50_us},
          {"fsyncP99Us", e.fsync_p99_us},
          {"loadBefore", e.load_before},
          {"benchVersion", e.bench_version},
          {"command", e.command},
          {"server", std::move(limits)}};
}

}  // namespace penstock::bench
