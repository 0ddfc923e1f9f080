#include "bench/cli/commands.h"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "bench/cli/masked_command.h"

namespace penstock::bench {

int tell(const Status& status) {
  std::fprintf(stderr, "penstock-bench: %s\n", status.message().c_str());
  return status.fault() == Fault::kInvalid ? 2 : 1;
}

Status write_out(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return std::fflush(stdout) == 0 ? Status() : Status::io("cannot write to stdout");
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? Status() : Status::io("cannot write " + path);
}

bool stdout_has_color() {
  return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
}

Result<uint64_t> parse_time(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  const std::string_view unit(read.ptr, static_cast<size_t>(end - read.ptr));
  const double factor = unit == "ms"                  ? 1
                        : unit.empty() || unit == "s" ? 1e3
                        : unit == "m"                 ? 6e4
                        : unit == "h"                 ? 3.6e6
                                                      : 0;
  if (read.ec != std::errc() || factor == 0 || !(value >= 0) || value * factor > 1e12)
    return Status::invalid("\"" + text + "\" is no time such as 10s, 500ms or 2m");
  return static_cast<uint64_t>(value * factor);
}

void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run_bench(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app(
      "penstock-bench loads HTTP gateways, measures them honestly, and checks that nothing they "
      "acknowledged is lost.",
      "penstock-bench");
  app.set_version_flag("--version", PENSTOCK_VERSION);
  app.require_subcommand(1);
  Action action;
  add_run_command(app, action, masked_command(argc, argv));
  add_verify_command(app, action);
  add_compare_command(app, action);
  add_merge_command(app, action);
  add_idle_command(app, action);
  add_probe_command(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return action ? action() : 2;
}

}  // namespace penstock::bench
