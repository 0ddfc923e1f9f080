// The reading half of json_report.h: reports come from other machines and older versions, so every
// member is checked.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "bench/report/json_histogram.h"
#include "bench/report/json_report.h"
#include "bench/report/json_sections.h"

namespace penstock::bench {

using Json = nlohmann::ordered_json;

static constexpr size_t kFileMax = 256 * 1024 * 1024;

static double number(const Json& object, const char* name) {
  const auto at = object.find(name);
  // Within what an uint64_t and a double both hold.
  return at != object.end() && at->is_number() ? std::clamp(at->get<double>(), 0.0, 1e18) : 0;
}

static std::string text(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

static const Json& member(const Json& object, const char* name, const Json& none) {
  const auto at = object.find(name);
  return at != object.end() ? *at : none;
}

static void read_counts(const Json& json, Recorder& measured) {
  for (const auto& [name, into] : named_counts(measured.counts_of))
    *into = static_cast<uint64_t>(number(json, name));
  const Json none = Json::object();
  for (const auto& [status, count] : member(json, "statuses", none).items()) {
    const auto at = static_cast<size_t>(std::strtoul(status.c_str(), nullptr, 10));
    if (at < measured.statuses.size() && count.is_number_unsigned()) measured.statuses[at] = count;
  }
}

static void read_load(const Json& json, Workload& workload) {
  workload.target = text(json, "target");
  workload.url = text(json, "url");
  workload.payload = text(json, "payload");
  workload.signature = text(json, "signature");
  workload.connections = static_cast<size_t>(number(json, "connections"));
  workload.rate = number(json, "rate");
  workload.batch = std::max<size_t>(1, static_cast<size_t>(number(json, "batch")));
}

static void read_verdict(const Json& json, Verdict& verdict) {
  const std::pair<const char*, uint64_t*> members[] = {
      {"asked", &verdict.asked},         {"lost", &verdict.lost},
      {"doubled", &verdict.doubled},     {"mismatched", &verdict.mismatched},
      {"expired", &verdict.expired},     {"unreadable", &verdict.unreadable},
      {"notEnded", &verdict.not_ended},  {"captured", &verdict.captured},
      {"succeeded", &verdict.succeeded}, {"failed", &verdict.failed},
      {"cancelled", &verdict.cancelled}, {"dead", &verdict.dead},
      {"rerun", &verdict.rerun}};
  for (const auto& [name, into] : members) *into = static_cast<uint64_t>(number(json, name));
}

static Status read_histograms(const Json& json, Recorder& measured) {
  const std::pair<const char*, Histogram*> all[] = {{"latency", &measured.latency},
                                                    {"service", &measured.service},
                                                    {"ack", &measured.ack},
                                                    {"first", &measured.first},
                                                    {"lag", &measured.lag}};
  for (const auto& [name, into] : all)
    if (!json.is_object() || !json.contains(name) || !read_histogram(json[name], *into))
      return Status::invalid(std::string("histograms.") + name + " is missing or damaged");
  return {};
}

static void read_intervals(const Json& json, Recorder& measured) {
  const Json none = Json::array();
  const Json& rates = member(json, "publishRate", none);
  const Json& p50s = member(json, "publishLatency50pct", none);
  for (size_t i = 0; rates.is_array() && i < rates.size(); i++) {
    Interval interval;
    interval.at_s = static_cast<double>(i + 1);
    interval.length_s = 1;
    if (rates[i].is_number()) interval.done = static_cast<uint64_t>(rates[i].get<double>());
    if (p50s.is_array() && i < p50s.size() && p50s[i].is_number())
      interval.p50 = static_cast<uint64_t>(std::clamp(p50s[i].get<double>() * 1e6, 0.0, 1e18));
    measured.intervals().push_back(interval);
  }
}

Result<Report> from_json(std::string_view input) {
  const Json json = Json::parse(input, nullptr, false);
  if (!json.is_object() || text(json, "schema") != report_schema)
    return Status::invalid("no report of schema " + std::string(report_schema));
  Report report;
  const Json none = Json::object();
  report.workload.name = text(json, "workload");
  report.workload.payload_bytes = number(json, "messageSize");
  report.begin_ms = static_cast<uint64_t>(number(json, "beginTime"));
  report.end_ms = static_cast<uint64_t>(number(json, "endTime"));
  report.seconds = number(json, "seconds");
  report.own_cpu = number(json, "clientCpu");
  read_load(member(json, "load", none), report.workload);
  read_counts(member(json, "counts", none), report.measured);
  PENSTOCK_TRY(read_histograms(member(json, "histograms", none), report.measured));
  read_intervals(json, report.measured);
  if (json.contains("verify")) read_verdict(json["verify"], report.verdict.emplace());
  const Json& environment = member(json, "environment", none);
  report.environment.cpu = text(environment, "cpu");
  report.environment.kernel = text(environment, "kernel");
  report.environment.disk = text(environment, "disk");
  report.environment.cores = static_cast<unsigned>(number(environment, "cores"));
  report.environment.fsync_p50_us = number(environment, "fsyncP50Us");
  return report;
}

Result<Report> read_report(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) return Status::io("cannot read " + path);
  if (content.view().size() > kFileMax) return Status::invalid(path + " is larger than 256 MB");
  auto report = from_json(content.view());
  if (!report) return Status::invalid(path + ": " + report.status().message());
  return report;
}

}  // namespace penstock::bench
