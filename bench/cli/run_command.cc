#include <cstdio>

#include "bench/cli/commands.h"
#include "bench/cli/load_session.h"
#include "bench/report/html_report.h"
#include "bench/report/json_report.h"
#include "bench/report/table.h"
#include "bench/stats/hgrm.h"

namespace penstock::bench {

static constexpr size_t kStepsMax = 100;
static constexpr double kKeptUp = 0.97;  // of the planned rate

static Step step_of(const Report& report, double planned, double knee_p99_ms) {
  const Histogram& latency = report.measured.latency;
  const auto ms = [&latency](double p) { return static_cast<double>(latency.at(p)) / 1e6; };
  Step step{planned, report.rate(), ms(50), ms(99), ms(99.9), report.measured.counts_of.errors(),
            false};
  step.kept_up = step.rate >= kKeptUp * planned && step.p99_ms <= knee_p99_ms && step.errors == 0;
  return step;
}

/// Raises the rate until the server falls behind; the report is of the last rate it kept up with.
static Result<Report> climb(LoadSession& session, const RunFlags& flags) {
  std::vector<Step> steps;
  std::optional<Report> best;
  for (double rate = flags.load.rate; steps.size() < kStepsMax && !session.interrupted();
       rate += flags.step) {
    auto report = session.measure(rate);
    if (!report) return report;
    steps.push_back(step_of(*report, rate, flags.knee_p99_ms));
    if (steps.back().kept_up || !best) best = *std::move(report);
    if (!steps.back().kept_up) break;
  }
  best->steps = std::move(steps);
  return *std::move(best);
}

static Status write_files(const Report& report, const RunFlags& flags) {
  if (!flags.json.empty()) PENSTOCK_TRY(write_out(flags.json, to_json(report)));
  if (!flags.html.empty()) PENSTOCK_TRY(write_out(flags.html, to_html(report)));
  if (!flags.hgrm_file.empty())
    PENSTOCK_TRY(write_out(flags.hgrm_file, hgrm(report.measured.latency, 1e6)));
  return {};
}

/// How many assertions are broken; says which.
static Result<int> check(const Report& report, const std::vector<Assertion>& assertions) {
  int broken = 0;
  for (const Assertion& assertion : assertions) {
    const auto value = metric(report, assertion.name);
    if (!value) return Status::invalid("--assert: no figure is called \"" + assertion.name + "\"");
    if (assertion.holds(*value)) continue;
    std::fprintf(stderr, "penstock-bench: broken: %s, it is %g\n", assertion.text.c_str(), *value);
    broken++;
  }
  return broken;
}

static Status check_names(const RunFlags& flags) {
  Report empty;
  for (const Watched& watched : flags.load.watched) empty.watched.push_back(watched.name);
  for (const Assertion& assertion : flags.assertions)
    if (!metric(empty, assertion.name))
      return Status::invalid("--assert: no figure is called \"" + assertion.name + "\"");
  return {};
}

static int run(RunFlags& flags, const std::string& command_line) {
  if (const Status status = flags.read(); !status.ok()) return tell(status);
  if (const Status status = check_names(flags); !status.ok()) return tell(status);
  raise_file_limit();
  const Environment environment = read_environment(flags.probe_folder);
  auto session = LoadSession::make(flags);
  if (!session) return tell(session.status());
  auto report = flags.step > 0 ? climb(**session, flags) : (*session)->measure(flags.load.rate);
  if (!report) return tell(report.status());
  report->environment = environment;
  report->environment.command = command_line;
  if (const Status status = (*session)->verify(*report); !status.ok()) return tell(status);
  add_warnings(*report);
  std::FILE* table_to = flags.json == "-" ? stderr : stdout;
  std::fputs(to_table(*report, table_to == stdout && stdout_has_color()).c_str(), table_to);
  if (const Status status = write_files(*report, flags); !status.ok()) return tell(status);
  const auto broken = check(*report, flags.assertions);
  if (!broken) return tell(broken.status());
  const bool whole = !report->verdict || (report->verdict->whole() && report->conservation.holds());
  return *broken || !whole ? 1 : 0;
}

void add_run_command(CLI::App& app, Action& action, std::string command_line) {
  CLI::App* command = app.add_subcommand("run", "send a load and measure it");
  const auto flags = std::make_shared<RunFlags>();
  flags->add_to(*command);
  command->footer(
      "penstock-bench run http://127.0.0.1:8080/hooks/TOKEN -c 256\n"
      "penstock-bench run URL --rate 5000 --target wait --assert 'p99<5ms' --html report.html\n"
      "penstock-bench run URL --rate 2000 --kill 4711@5 --resend --drain 60s --assert 'lost==0'");
  command->callback([&action, flags, command_line] {
    action = [flags, command_line] { return run(*flags, command_line); };
  });
}

}  // namespace penstock::bench
