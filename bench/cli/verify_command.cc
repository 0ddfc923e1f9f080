#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bench/cli/commands.h"
#include "bench/http/dialer.h"
#include "bench/report/json_sections.h"
#include "bench/report/progress.h"
#include "bench/report/table.h"
#include "bench/verify/record_file.h"
#include "bench/verify/verifier.h"

namespace penstock::bench {

namespace {

struct VerifyFlags {
  std::string file, url, drain = "0s", json;
  LoadOptions load;
  VerifyOptions verify;
  bool insecure = false, quiet = false;
};

/// Owns the loop for the time of one verification.
struct Loop {
  uv_loop_t loop;
  Loop() { uv_loop_init(&loop); }
  ~Loop() { uv_loop_close(&loop); }
};

Result<Verdict> verify_file(VerifyFlags& flags) {
  auto url = Url::parse(flags.url);
  if (!url) return url.status();
  flags.load.url = *std::move(url);
  flags.load.tls.verify = !flags.insecure;
  const auto drain_ms = parse_time(flags.drain);
  if (!drain_ms) return drain_ms.status();
  flags.verify.drain_ms = *drain_ms;
  Ledger ledger;
  const auto read = RecordFile::read(flags.file, ledger);
  if (!read) return read.status();
  Loop loop;
  auto dialer = Dialer::make(&loop.loop, flags.load.url, flags.load.tls);
  if (!dialer) return dialer.status();
  auto builder = RequestBuilder::make(flags.load, Payloads(1), nullptr, "");
  if (!builder) return builder.status();
  ProgressLine progress(!flags.quiet, isatty(STDERR_FILENO), false);
  Verifier verifier(**dialer, **builder, ledger, flags.verify);
  verifier.show(
      [&](uint64_t asked, uint64_t open) { progress.show_verifying(asked, ledger.known(), open); });
  return verifier.run();
}

int run(VerifyFlags& flags) {
  const auto verdict = verify_file(flags);
  if (!verdict) return tell(verdict.status());
  std::FILE* table_to = flags.json == "-" ? stderr : stdout;
  std::fputs(verdict_table(*verdict, table_to == stdout && stdout_has_color()).c_str(), table_to);
  if (!flags.json.empty())
    if (const Status status = write_out(flags.json, verdict_json(*verdict).dump(1) + "\n");
        !status.ok())
      return tell(status);
  const bool ended = flags.verify.drain_ms == 0 || verdict->not_ended == 0;
  return verdict->whole() && ended ? 0 : 1;
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("verify", "ask a server for every event of a --record file");
  const auto flags = std::make_shared<VerifyFlags>();
  command->add_option("FILE", flags->file, "what `run --record FILE` wrote")->required();
  command->add_option("--url", flags->url, "the server, e.g. http://127.0.0.1:8080")->required();
  command->add_option("--drain", flags->drain,
                      "wait up to this long until every run has ended, else exit 1");
  command->add_option("--tag", flags->verify.tag, "each run must carry this tag");
  command->add_option("-H,--header", flags->load.headers,
                      "\"Name: value\", such as the trigger's key");
  command->add_option("-c,--connections", flags->verify.connections, "")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--cacert", flags->load.tls.ca_file,
                      "trust this certificate authority (PEM)");
  command->add_flag("--insecure", flags->insecure, "trust any certificate");
  command->add_option("--json", flags->json, "write the verdict as JSON to a file or -");
  command->add_flag("-q,--quiet", flags->quiet, "no live line");
  command->callback([&action, flags] { action = [flags] { return run(*flags); }; });
}

}  // namespace penstock::bench
