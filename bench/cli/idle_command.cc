#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench/cli/commands.h"
#include "bench/load/idle_crowd.h"
#include "bench/stats/fsync_probe.h"
#include "bench/stats/process.h"

namespace penstock::bench {

namespace {

struct IdleFlags {
  std::string url, hold = "1s", json;
  size_t connections = 10'000;
  int pid = 0;
  bool insecure = false;
  std::string ca_file;
};

struct IdleFigures {
  uint64_t rss_before = 0, rss_after = 0;
  size_t open = 0;
};

Result<IdleFigures> measure(const IdleFlags& flags, uv_loop_t* loop) {
  const auto url = Url::parse(flags.url);
  if (!url) return url.status();
  const auto hold_ms = parse_time(flags.hold);
  if (!hold_ms) return hold_ms.status();
  auto dialer = Dialer::make(loop, *url, TlsClientOptions{flags.ca_file, !flags.insecure});
  if (!dialer) return dialer.status();
  const auto before = read_process(flags.pid);
  if (!before) return Status::invalid("--watch: no process has this id");
  IdleCrowd crowd(**dialer, flags.connections,
                  "GET " + url->target + " HTTP/1.1\r\nHost: " + url->authority() + "\r\n\r\n");
  PENSTOCK_TRY(crowd.gather(60'000));
  crowd.hold(*hold_ms);
  const auto after = read_process(flags.pid);
  if (!after) return Status::unavailable("the watched process is gone");
  return IdleFigures{before->rss_bytes, after->rss_bytes, crowd.open()};
}

int run_idle(const IdleFlags& flags) {
  raise_file_limit();
  uv_loop_t loop;
  uv_loop_init(&loop);
  const auto figures = measure(flags, &loop);
  uv_loop_close(&loop);
  if (!figures) return tell(figures.status());
  const double each =
      (static_cast<double>(figures->rss_after) - static_cast<double>(figures->rss_before)) /
      static_cast<double>(flags.connections);
  const std::string text = fmt::format(
      "{} idle connections, {} still open: {:.1f} MB before, {:.1f} MB with them, {:.2f} KB each\n",
      flags.connections, figures->open, static_cast<double>(figures->rss_before) / 1e6,
      static_cast<double>(figures->rss_after) / 1e6, each / 1024);
  std::fputs(text.c_str(), flags.json == "-" ? stderr : stdout);
  if (flags.json.empty()) return 0;
  const nlohmann::ordered_json json = {{"connections", flags.connections},
                                       {"open", figures->open},
                                       {"rssBeforeBytes", figures->rss_before},
                                       {"rssAfterBytes", figures->rss_after},
                                       {"bytesPerConnection", each}};
  const Status status = write_out(flags.json, json.dump() + "\n");
  return status.ok() ? 0 : tell(status);
}

int run_probe(const std::string& folder, const std::string& time, bool json) {
  const auto ms = parse_time(time);
  if (!ms) return tell(ms.status());
  const auto times = probe_fsync(folder, *ms);
  if (!times) return tell(times.status());
  const auto us = [&times](double p) { return static_cast<double>(times->at(p)) / 1000; };
  const char* form =
      json
          ? "{{\"count\":{},\"p50Us\":{:.1f},\"p99Us\":{:.1f},\"maxUs\":{:.1f}}}\n"
          : "{} times 4 KB appended and fdatasynced: p50 {:.0f} us, p99 {:.0f} us, max {:.0f} us\n";
  std::fputs(fmt::format(fmt::runtime(form), times->count(), us(50), us(99), us(100)).c_str(),
             stdout);
  return 0;
}

}  // namespace

void add_idle_command(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("idle", "hold keep-alive connections open and weigh the server");
  const auto flags = std::make_shared<IdleFlags>();
  command
      ->add_option("URL", flags->url,
                   "what each connection GETs once, e.g. http://127.0.0.1:8080/livez")
      ->required();
  command->add_option("-c,--connections", flags->connections, "")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command->add_option("--watch", flags->pid, "the server's process id")->required();
  command->add_option("--hold", flags->hold, "how long to hold them")->capture_default_str();
  command->add_option("--cacert", flags->ca_file, "trust this certificate authority (PEM)");
  command->add_flag("--insecure", flags->insecure, "trust any certificate");
  command->add_option("--json", flags->json, "write the figures as JSON to a file or -");
  command->callback([&action, flags] { action = [flags] { return run_idle(*flags); }; });
}

void add_probe_command(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("probe", "measure a bare fdatasync: the floor under a durable ack");
  const auto folder = std::make_shared<std::string>(".");
  const auto time = std::make_shared<std::string>("1s");
  const auto json = std::make_shared<bool>(false);
  command->add_option("FOLDER", *folder, "where to write")->capture_default_str();
  command->add_option("--duration", *time, "")->capture_default_str();
  command->add_flag("--json", *json, "as JSON");
  command->callback([&action, folder, time, json] {
    action = [folder, time, json] { return run_probe(*folder, *time, *json); };
  });
}

}  // namespace penstock::bench
