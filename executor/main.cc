// penstock-executor: works for a gateway, and does what `penstock` hands over: running, linting and
// making workflows, trying jq.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "executor/jq/command.h"
#include "executor/link/worker_loop.h"
#include "executor/lint/command.h"
#include "executor/process/confine.h"
#include "executor/run/run_command.h"
#include "executor/templates/command.h"
#include "proto/limits.h"

namespace {

using namespace penstock;
using namespace penstock::executor;

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

struct Flags {
  std::string connect, token_file, name, cacert, tls_ca;
  std::vector<std::string> egress, resolve, allow_run;
  LaneLimits chat;
  uint32_t chat_per_minute = 0;
  uint32_t slots = limits::executor_slots;
  bool reconnect = false;
};

struct Command {
  std::string_view name;
  int (*run)(int argc, char** argv);
};

constexpr Command kCommands[] = {{"workflow-run", &run_command},
                                 {"workflow-lint", &lint::lint_command},
                                 {"workflow-new", &templates::new_command},
                                 {"jq", &jq::jq_command},
                                 {"jq-sandbox", &jq::sandbox_command},
                                 {"run-confined", &run_confined}};

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "penstock-executor: %s\n", what.c_str());
  return code;
}

Status fill_http(const Flags& flags, HttpClientOptions& http) {
  std::vector<std::string> allowed = flags.egress;
  if (const char* also = std::getenv("PENSTOCK_ALLOW_EGRESS")) allowed.emplace_back(also);
  Result<EgressRules> rules = EgressRules::parse(allowed);
  if (!rules) return rules.status();
  http.egress = *rules;
  for (const std::string& item : flags.resolve) PENSTOCK_TRY(check_resolve(item));
  http.resolve = flags.resolve;
  http.cacert = flags.cacert;
  return Status();
}

Status fill_options(const Flags& flags, WorkerLoopOptions& options) {
  Result<Endpoint> endpoint = Endpoint::parse(flags.connect);
  if (!endpoint) return endpoint.status();
  options.endpoint = *endpoint;
  options.tls_ca = flags.tls_ca;
  options.reconnect = flags.reconnect;
  options.worker.slots = flags.slots;
  options.worker.allow_run = flags.allow_run;
  options.worker.chat = flags.chat;
  options.worker.chat.rate_per_s = flags.chat_per_minute / 60.0;
  options.worker.name = flags.name.empty() ? "executor-" + std::to_string(getpid()) : flags.name;
  if (!flags.token_file.empty()) {
    std::ifstream file(flags.token_file);
    if (!std::getline(file, options.worker.token)) {
      return Status::invalid("cannot read a token from " + flags.token_file);
    }
  }
  return fill_http(flags, options.worker.http);
}

// No core with other people's data in it, as many connections as the system allows, and no life
// without the gateway that started us.
void settle_process(const Flags& flags) {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (!flags.reconnect && flags.connect.starts_with("unix:")) prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int work(const Flags& flags) {
  WorkerLoopOptions options;
  if (Status status = fill_options(flags, options); !status)
    return complain(status.message(), kUsage);
  settle_process(flags);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  WorkerLoop loop(std::move(options));
  const Status status = loop.run();
  return status ? kDone : complain(status.message(), kFailed);
}

}  // namespace

int main(int argc, char** argv) {
  for (const Command& command : kCommands) {
    if (argc > 1 && argv[1] == command.name) return command.run(argc - 1, argv + 1);
  }
  Flags flags;
  CLI::App app("Runs workflows for a Penstock gateway.", "penstock-executor");
  app.set_version_flag("--version", "penstock-executor " PENSTOCK_VERSION);
  app.add_option("--connect", flags.connect,
                 "the gateway: unix:PATH, tcp://HOST:PORT or tls://HOST:PORT")
      ->required();
  app.add_option("--token-file", flags.token_file,
                 "file with the token for a gateway on another machine");
  app.add_option("--slots", flags.slots, "runs to hold at once")->check(CLI::Range(1, 1'000'000));
  app.add_option("--name", flags.name, "shown to operators");
  app.add_option("--allow-egress", flags.egress,
                 "address blocks that calls may go to beside public ones, e.g. 10.1.0.0/16")
      ->allow_extra_args(false);
  app.add_option("--resolve", flags.resolve,
                 "connect to ADDR[:PORT] for HOST:PORT, as curl does: HOST:PORT:ADDR[:PORT]")
      ->allow_extra_args(false);
  app.add_option("--cacert", flags.cacert,
                 "PEM file with the authorities that calls trust instead of the system's");
  app.add_option("--allow-run", flags.allow_run,
                 "what workflows may start here, sandboxed: shell, script, mcp; network: these may "
                 "connect anywhere")
      ->check(CLI::IsMember({"shell", "script", "mcp", "network"}))
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--chat-concurrency", flags.chat.concurrency,
                 "calls of models in flight to one endpoint")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--chat-per-minute", flags.chat_per_minute,
                 "calls of models begun a minute at one endpoint; 0: no limit");
  app.add_option("--link-cacert", flags.tls_ca, "PEM file with the authority of a tls:// gateway");
  app.add_flag("--reconnect", flags.reconnect, "look for a lost gateway again instead of ending");
  app.footer(
      "Commands that `penstock` hands over: workflow-run, workflow-lint, workflow-new, jq; each "
      "has --help.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return work(flags);
}
