// bench-executor: one executor process against the clock. `runs` drives a workflow of five tasks that
// calls nobody, `calls` one that makes a single call to a server which answers after a second.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "bench/executor/drive.h"
#include "bench/executor/slow_server.h"

namespace {

using namespace penstock;
using namespace penstock::bench;

const char* const kFiveTasks = R"(
document: {dsl: '1.0.3', namespace: bench, name: bench, version: '1.0.0'}
do:
  - read: {set: {id: '${ .id }', total: '${ .price * .quantity }'}}
  - choose: {switch: [{large: {when: .total > 100, then: discount}}, {small: {then: tax}}]}
  - discount: {set: {id: '${ .id }', total: '${ .total * 0.9 }'}}
  - tax: {set: {id: '${ .id }', total: '${ .total * 1.19 }'}}
  - reply: {set: {order: '${ .id }', total: '${ .total | floor }'}}
)";
constexpr const char* kOneCall = R"(
document: {{dsl: '1.0.3', namespace: bench, name: bench, version: '1.0.0'}}
do:
  - ask: {{call: http, with: {{method: get, endpoint: 'http://127.0.0.1:{}/answer'}}}}
)";

struct Flags {
  DrivePlan plan;
  uint64_t delay_ms = 1000;
};

std::string own_folder(const char* program) {
  const std::string path = program;
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash);
}

int tell(const Result<DriveFigures>& figures, const Flags& flags) {
  if (!figures) {
    std::fprintf(stderr, "bench-executor: %s\n", figures.status().message().c_str());
    return 1;
  }
  const auto ms = [&](double percentile) {
    return static_cast<double>(figures->run_ns.at(percentile)) / 1e6;
  };
  const double grown = static_cast<double>(figures->rss_most) - static_cast<double>(figures->rss_before);
  fmt::print("{} runs in {:.1f} s: {:.0f}/s with {} under way; {:.1f} us of the executor's CPU each\n",
             figures->ended, figures->seconds,
             static_cast<double>(figures->ended) / figures->seconds, flags.plan.in_flight,
             figures->cpu_us_each);
  fmt::print("from dispatch to end: p50 {:.1f} ms, p99 {:.1f} ms, max {:.1f} ms\n", ms(50), ms(99),
             ms(100));
  fmt::print("memory: {:.1f} MB before, {:.1f} MB at most, {:.1f} KB for each under way\n",
             static_cast<double>(figures->rss_before) / 1e6,
             static_cast<double>(figures->rss_most) / 1e6, grown / 1024 / flags.plan.in_flight);
  if (figures->failed)
    fmt::print("{} failed, the first: {}\n", figures->failed, figures->first_error);
  return figures->failed ? 1 : 0;
}

int run_calls(Flags& flags) {
  auto server = fork_slow_server(flags.delay_ms, R"({"answer":42})");
  if (!server) return tell(server.status(), flags);
  flags.plan.source = fmt::format(kOneCall, server->port);
  flags.plan.body = R"({"question":"?"})";
  return tell(drive(flags.plan), flags);
}

int run_runs(Flags& flags) {
  flags.plan.source = kFiveTasks;
  flags.plan.body = R"({"id":"a-1","price":12.5,"quantity":10})";
  return tell(drive(flags.plan), flags);
}

}  // namespace

int main(int argc, char** argv) {
  Flags flags;
  flags.plan.executor = own_folder(argv[0]) + "/penstock-executor";
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  CLI::App app("Drives one executor process, without a gateway.", "bench-executor");
  app.require_subcommand(1);
  CLI::App* runs = app.add_subcommand("runs", "five tasks that call nobody");
  CLI::App* calls = app.add_subcommand("calls", "one call to a slow server");
  for (CLI::App* one : {runs, calls}) {
    one->add_option("--executor", flags.plan.executor, "the program");
    one->add_option("--in-flight", flags.plan.in_flight, "runs under way [1000; calls 10000]");
    one->add_option("--ramp-ms", flags.plan.ramp_ms, "until as many are under way [0; calls 2000]");
    one->add_option("--warm-ms", flags.plan.warm_ms, "not measured [1000; calls 3000]");
    one->add_option("--measured-ms", flags.plan.measured_ms, "measured [5000; calls 10000]");
  }
  calls->add_option("--delay-ms", flags.delay_ms, "how long the server takes");
  calls->preparse_callback([&flags](size_t) {
    flags.plan.in_flight = 10'000;
    flags.plan.ramp_ms = 2000;
    flags.plan.warm_ms = 3000;
    flags.plan.measured_ms = 10'000;
  });
  CLI11_PARSE(app, argc, argv);
  return runs->parsed() ? run_runs(flags) : run_calls(flags);
}
