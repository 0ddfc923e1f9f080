#include <cstdio>

#include "bench/cli/commands.h"
#include "bench/report/compare.h"
#include "bench/report/html_report.h"
#include "bench/report/json_report.h"
#include "bench/report/table.h"

namespace penstock::bench {

namespace {

struct CompareFlags {
  std::string before, after;
  double noise_pct = 3;
  bool fail = false;
};

int run_compare(const CompareFlags& flags) {
  const auto before = read_report(flags.before), after = read_report(flags.after);
  if (!before) return tell(before.status());
  if (!after) return tell(after.status());
  const auto rows = compare(*before, *after, flags.noise_pct);
  std::fputs(compare_table(*before, *after, rows, stdout_has_color()).c_str(), stdout);
  bool worse = false;
  for (const Difference& row : rows) worse = worse || row.worse();
  return flags.fail && worse ? 1 : 0;
}

int run_merge(const std::vector<std::string>& files, const std::string& json) {
  std::vector<Report> reports;
  for (const std::string& file : files) {
    auto report = read_report(file);
    if (!report) return tell(report.status());
    reports.push_back(*std::move(report));
  }
  const Report sum = merge(reports);
  std::FILE* table_to = json == "-" ? stderr : stdout;
  std::fputs(to_table(sum, table_to == stdout && stdout_has_color()).c_str(), table_to);
  if (json.empty()) return 0;
  const Status status = write_out(json, to_json(sum));
  return status.ok() ? 0 : tell(status);
}

}  // namespace

void add_compare_command(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("compare", "say what changed between two JSON reports, beyond the noise");
  const auto flags = std::make_shared<CompareFlags>();
  command->add_option("A", flags->before, "the report before")->required();
  command->add_option("B", flags->after, "the report after")->required();
  command->add_option("--noise", flags->noise_pct, "percent that say nothing, at least")
      ->capture_default_str();
  command->add_flag("--fail", flags->fail, "exit 1 when something got worse");
  command->callback([&action, flags] { action = [flags] { return run_compare(*flags); }; });
}

void add_merge_command(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("merge", "add up the reports of several clients that ran at once");
  const auto files = std::make_shared<std::vector<std::string>>();
  const auto json = std::make_shared<std::string>();
  command->add_option("FILES", *files, "JSON reports")->required();
  command->add_option("--json", *json, "write the sum as JSON to a file or -");
  command->callback(
      [&action, files, json] { action = [files, json] { return run_merge(*files, *json); }; });
}

}  // namespace penstock::bench
