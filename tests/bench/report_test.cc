#include <doctest/doctest.h>

#include "bench/report/chart.h"
#include "bench/report/compare.h"
#include "bench/report/html_report.h"
#include "bench/report/json_report.h"
#include "bench/report/metric.h"
#include "bench/report/progress.h"
#include "bench/report/table.h"

using namespace penstock::bench;

/// A run of ten seconds with 1,000 requests a second of about `ms` each.
static Report sample(double ms = 2) {
  Report report;
  report.workload.name = "sample";
  report.workload.target = "ack";
  report.workload.connections = 8;
  report.seconds = 10;
  report.watched = {"server"};
  report.measured.begin(0);
  for (uint64_t n = 0; n < 10'000; n++) {
    const auto latency = static_cast<uint64_t>(ms * 1e6) + n * 10;
    report.measured.on_done(n, n, n + latency, 1);
    report.measured.on_completed(n, n + latency);
  }
  for (int s = 1; s <= 10; s++) {
    Interval interval{static_cast<double>(s),    1,  1000, 0, 0, 1'000'000, 2'000'000, 3'000'000,
                      {{0.5, 50'000'000, true}}, 0.2};
    report.measured.intervals().push_back(interval);
  }
  report.measured.on_status(202);
  return report;
}

static Assertion assertion(const std::string& text) {
  auto parsed = Assertion::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), text);
  return *parsed;
}

TEST_CASE("assertions are read with their units") {
  CHECK(assertion("p99<5ms").bound == 5);
  CHECK(assertion("p99.9 <= 500us").bound == doctest::Approx(0.5));
  CHECK(assertion("rate>=20k").bound == 20'000);
  CHECK(assertion("lost==0").op == "==");
  CHECK(assertion("max<1s").bound == 1000);
  for (const char* text : {"", "p99", "p99<", "<5", "p99=5", "p99<5parsecs", "p99<>5", "p99<x"})
    CHECK_FALSE_MESSAGE(Assertion::parse(text).ok(), text);
}

TEST_CASE("assertions hold or not") {
  CHECK(assertion("x<5").holds(4));
  CHECK_FALSE(assertion("x<5").holds(5));
  CHECK(assertion("x<=5").holds(5));
  CHECK(assertion("x!=5").holds(4));
  CHECK_FALSE(assertion("x==0").holds(1));
}

TEST_CASE("figures have names") {
  Report report = sample();
  report.verdict = Verdict();
  report.verdict->lost = 3;
  CHECK(*metric(report, "rate") == doctest::Approx(1000));
  CHECK(*metric(report, "p50") == doctest::Approx(2.05).epsilon(0.01));
  CHECK(*metric(report, "service.p99") == doctest::Approx(2.1).epsilon(0.01));
  CHECK(*metric(report, "lost") == 3);
  CHECK(*metric(report, "cpu.server") == doctest::Approx(0.5));
  CHECK(*metric(report, "rss.server") == doctest::Approx(50));
  for (const char* name : {"p101", "pp", "cpu.other", "zzz", ""})
    CHECK_FALSE_MESSAGE(metric(report, name).has_value(), name);
}

TEST_CASE("a report survives being written and read") {
  Report report = sample();
  report.verdict = Verdict();
  report.verdict->asked = 7;
  const auto back = from_json(to_json(report));
  REQUIRE(back.ok());
  CHECK(back->rate() == doctest::Approx(report.rate()));
  CHECK(back->measured.latency.count() == 10'000);
  for (const double p : {50.0, 99.0, 100.0})
    CHECK(back->measured.latency.at(p) == report.measured.latency.at(p));
  CHECK(back->verdict->asked == 7);
  CHECK(back->measured.statuses[202] == 1);
  CHECK(back->measured.intervals().size() == 10);
}

TEST_CASE("the JSON speaks OpenMessaging") {
  const std::string json = to_json(sample());
  for (const char* key : {"\"publishRate\"", "\"aggregatedPublishLatency99pct\"",
                          "\"aggregatedPublishLatencyQuantiles\"", "\"publishLatency99pct\"",
                          "\"beginTime\"", "\"messageSize\""})
    CHECK_MESSAGE(json.find(key) != std::string::npos, key);
}

TEST_CASE("what is no report is refused") {
  for (const char* text :
       {"", "{}", "[]", R"({"schema":"penstock-bench/99"})", R"({"schema":"penstock-bench/1"})",
        R"({"schema":"penstock-bench/1","histograms":{"latency":[[1]]}})"})
    CHECK_FALSE_MESSAGE(from_json(text).ok(), text);
}

TEST_CASE("a slower run is worse, its own noise is not") {
  const Report before = sample(2), after = sample(3);
  bool worse = false, odd = false;
  for (const auto& row : compare(before, after, 3)) worse = worse || row.worse();
  for (const auto& row : compare(before, before, 3)) odd = odd || row.beyond_noise();
  CHECK(worse);
  CHECK_FALSE(odd);
}

TEST_CASE("a latency that swings within its own run has a wide band") {
  Report before = sample(2), after = sample(2.5);
  for (size_t i = 0; i < 10; i++) {
    before.measured.intervals()[i].p50 = i % 2 ? 1'000'000 : 3'000'000;
    after.measured.intervals()[i].p50 = i % 2 ? 1'500'000 : 3'500'000;
  }
  for (const auto& row : compare(before, after, 3))
    if (row.name == "p50") CHECK_FALSE(row.beyond_noise());
}

TEST_CASE("clients add up") {
  const Report sum = merge({sample(), sample(4)});
  CHECK(sum.rate() == doctest::Approx(2000));
  CHECK(sum.measured.latency.count() == 20'000);
  CHECK(sum.workload.connections == 16);
  CHECK(*metric(sum, "p99") > 4);
}

TEST_CASE("a busy client is said") {
  Report report = sample();
  report.own_cpu = 0.97;
  add_warnings(report);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].find("client itself") != std::string::npos);
}

TEST_CASE("text for people is whole, with and without colour") {
  CHECK(to_table(sample(), false).find('\x1b') == std::string::npos);
  CHECK(to_table(sample(), true).find('\x1b') != std::string::npos);
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1234567) == "1,234,567");
}

TEST_CASE("an HTML report needs nothing else and escapes names") {
  Report report = sample();
  report.workload.name = "<script>alert(1)</script>";
  const std::string html = to_html(report);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("http://") == std::string::npos);
  CHECK(html.find("Latency by percentile") != std::string::npos);
  CHECK(html.find("nan") == std::string::npos);
}

TEST_CASE("a chart of nothing is still a chart") {
  const std::string svg = to_svg({"t", "x", "y", true, true, {{"s", {}}}, {}});
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("the live line says how far it is") {
  Progress progress{"measuring", 3, 10, Interval{3, 1, 98'123, 2, 5, 410'000, 1'200'000, 0, {}, 0},
                    64};
  const std::string line = ProgressLine::text(progress, true);
  CHECK(line.find("98,123/s") != std::string::npos);
  CHECK(line.find("[######") != std::string::npos);
  CHECK(line.find("errors 2") != std::string::npos);
}
