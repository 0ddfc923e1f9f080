#include "bench/cli/run_flags.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "bench/cli/commands.h"

namespace penstock::bench {

void RunFlags::add_to(CLI::App& command) {
  command.add_option("URL", url_, "where to send, e.g. http://127.0.0.1:8080/hooks/TOKEN")
      ->required();
  add_load(command);
  add_content(command);
  add_checks(command);
  add_output(command);
}

void RunFlags::add_load(CLI::App& command) {
  const std::string group = "Load";
  command
      .add_option("--target", target_,
                  "follow each event to: ack, wait (held reply), poll, stream, end-to-end")
      ->group(group)
      ->check(CLI::IsMember({"ack", "wait", "poll", "stream", "end-to-end"}))
      ->capture_default_str();
  command.add_option("-c,--connections", load.connections, "connections, each one event at a time")
      ->group(group)
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command
      .add_option("-r,--rate", load.rate,
                  "open loop: this many requests a second, whatever the server does")
      ->group(group)
      ->check(CLI::Range(0.01, 10e6));
  command.add_flag("--poisson", load.poisson, "random gaps between requests instead of even ones")
      ->group(group);
  command.add_option("-d,--duration", duration_, "how long to measure")
      ->group(group)
      ->capture_default_str();
  command.add_option("-n,--requests", load.requests_max, "stop after this many requests instead")
      ->group(group);
  command.add_option("--warmup", warmup_, "load before measuring")
      ->group(group)
      ->capture_default_str();
  command.add_option("--timeout", timeout_, "give an event up after this")
      ->group(group)
      ->capture_default_str();
  command.add_option("--grace", grace_, "wait this long for what is under way at the end")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--step", step,
                  "raise --rate by this after each --duration until the server falls behind")
      ->group(group)
      ->check(CLI::PositiveNumber);
  command
      .add_option("--knee-p99", knee_p99_ms,
                  "with --step: a p99 beyond this many ms is behind, too")
      ->group(group)
      ->capture_default_str();
  command.add_option("--wait", load.wait_s, "seconds a reply is waited for")
      ->group(group)
      ->capture_default_str();
  command.add_option("--poll-interval", load.poll_ms, "with target poll: ms between two questions")
      ->group(group)
      ->capture_default_str();
}

void RunFlags::add_content(CLI::App& command) {
  const std::string group = "Content";
  command
      .add_option("-p,--payload", payload_files,
                  "send this file; several make a mix, FILE*WEIGHT. {{seq}} {{uuid}} {{random N}} "
                  "are filled in")
      ->group(group);
  command
      .add_option("-s,--size", sizes,
                  "or make JSON of this size: 300, 1k, 64k*3 (weight); several make a mix")
      ->group(group);
  command.add_flag("--raw", raw, "send the files as they are")->group(group);
  command.add_option("-H,--header", load.headers, "\"Name: value\", may hold {{...}}")
      ->group(group);
  command.add_option("--content-type", load.content_type, "")->group(group)->capture_default_str();
  command.add_option("--tag", load.tag, "Penstock-Tag: labels the events of this run")
      ->group(group);
  command.add_option("--batch", load.batch, "events a request, as NDJSON")
      ->group(group)
      ->check(CLI::Range(1, 100'000));
  command
      .add_option("--duplicates", load.duplicates_pct,
                  "percent of requests sent again with the same key")
      ->group(group)
      ->check(CLI::Range(0, 100));
  command.add_flag("--keys", load.keys, "an Idempotency-Key with each request")->group(group);
  command.add_flag("--resend", load.resend, "send again, with the same key, what got no answer")
      ->group(group);
  command.add_option("--sign", sign, std::string("sign like: ") + std::string(Signer::presets()))
      ->group(group);
  command.add_option("--secret", secret, "the key to sign with")
      ->group(group)
      ->envname("PENSTOCK_BENCH_SECRET");
  command.add_option("--sign-header", sign_header, "hmac's header [X-Signature]")->group(group);
  command.add_option("--seed", load.seed, "the same seed makes the same payloads")
      ->group(group)
      ->capture_default_str();
  command.add_option("--cacert", load.tls.ca_file, "trust this certificate authority (PEM)")
      ->group(group);
  command.add_flag("--insecure", insecure_, "trust any certificate")->group(group);
}

void RunFlags::add_checks(CLI::App& command) {
  const std::string group = "Checks";
  command.add_flag("--verify", verify, "ask for every acknowledged event afterwards")->group(group);
  command
      .add_option("--drain", drain_,
                  "with --verify: wait up to this long until every run has ended")
      ->group(group);
  command
      .add_flag("--echo", load.echo,
                "each reply must equal what was sent (targets wait, poll, end-to-end)")
      ->group(group);
  command
      .add_option("--record", record,
                  "keep the acknowledged ids in this file, for a later `verify`")
      ->group(group);
  command
      .add_option("--kill", kills_,
                  "PID@SECONDS: kill -9 that process then; it is met again when it is back")
      ->group(group);
  command
      .add_option("--assert", assertions_,
                  "exit 1 unless it holds: 'p99<5ms' 'lost==0' 'rate>=20k'")
      ->group(group);
  command
      .add_option("--admin", server.url,
                  "the operators' listener: sums before and after, bounds in the report")
      ->group(group)
      ->envname("PENSTOCK_URL");
  command.add_option("--token", server.token, "its admin token")
      ->group(group)
      ->envname("PENSTOCK_TOKEN");
  command.add_option("--token-file", server.token_file, "a file with the admin token")
      ->group(group);
}

void RunFlags::add_output(CLI::App& command) {
  const std::string group = "Output";
  command
      .add_option("--json", json,
                  "write the report as JSON to a file or - (then the table goes to stderr)")
      ->group(group);
  command.add_option("--html", html, "write the report with charts, one file")->group(group);
  command
      .add_option("--hgrm", hgrm_file, "write the percentile spectrum for HdrHistogram plotters")
      ->group(group);
  command.add_option("--name", name, "what to call this run in reports")->group(group);
  command.add_option("--watch", watched_, "PID or NAME=PID: its CPU and memory over time")
      ->group(group);
  command.add_option("--probe-folder", probe_folder, "where to probe fsync; \"\" for nowhere")
      ->group(group)
      ->capture_default_str();
  command.add_flag("-q,--quiet", quiet, "no live line")->group(group);
}

static Target target_of(const std::string& word) {
  if (word == "wait") return Target::kWait;
  if (word == "poll") return Target::kPoll;
  if (word == "stream") return Target::kStream;
  return word == "end-to-end" ? Target::kEndToEnd : Target::kAck;
}

/// Whether the figure comes from verifying.
static bool asks_the_server(std::string_view name) {
  constexpr std::string_view kNames[] = {"lost",    "doubled",    "mismatched", "not_ended",
                                         "expired", "unreadable", "dead",       "rerun"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

Status RunFlags::read() {
  auto url = Url::parse(url_);
  if (!url) return url.status();
  load.url = *std::move(url);
  load.target = target_of(target_);
  load.tls.verify = !insecure_;
  server.tls = load.tls;
  while (server.url.ends_with('/')) server.url.pop_back();
  PENSTOCK_TRY(read_times());
  PENSTOCK_TRY(read_kills());
  PENSTOCK_TRY(read_watched());
  for (const std::string& text : assertions_) {
    auto assertion = Assertion::parse(text);
    if (!assertion) return assertion.status();
    // A loss that nobody looked for is no proof of none.
    verify = verify || asks_the_server(assertion->name);
    assertions.push_back(*std::move(assertion));
  }
  if (step > 0 && load.rate <= 0) return Status::invalid("--step needs --rate to start from");
  if (load.batch > 1 && load.target != Target::kAck)
    return Status::invalid("--batch goes with --target ack only");
  if (load.batch > 1 && load.content_type == "application/json")
    load.content_type = "application/x-ndjson";
  if (load.echo && (load.target == Target::kAck || load.target == Target::kStream))
    return Status::invalid("--echo needs a reply: --target wait, poll or end-to-end");
  if (!sign.empty() && secret.empty()) return Status::invalid("--sign needs --secret");
  return {};
}

Status RunFlags::read_times() {
  const std::pair<const std::string*, uint64_t*> times[] = {{&duration_, &load.duration_ms},
                                                            {&warmup_, &load.warmup_ms},
                                                            {&timeout_, &load.timeout_ms},
                                                            {&grace_, &load.grace_ms}};
  for (const auto& [text, into] : times) {
    const auto time = parse_time(*text);
    if (!time) return time.status();
    *into = *time;
  }
  if (drain_.empty()) return {};
  verify = true;
  const auto time = parse_time(drain_);
  if (!time) return time.status();
  drain_ms = *time;
  return {};
}

static Result<int> parse_pid(std::string_view text) {
  int pid = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), pid);
  // Never 0, 1 or a group: a slip must not end what nobody named.
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || pid <= 1)
    return Status::invalid("\"" + std::string(text) + "\" is no process id");
  return pid;
}

Status RunFlags::read_kills() {
  for (const std::string& text : kills_) {
    const size_t at = text.find('@');
    const auto pid = parse_pid(text.substr(0, at));
    if (!pid) return pid.status();
    if (at == std::string::npos) return Status::invalid("--kill is PID@SECONDS");
    const auto time = parse_time(text.substr(at + 1));
    if (!time) return time.status();
    load.kills.push_back({*pid, *time});
  }
  std::sort(load.kills.begin(), load.kills.end(),
            [](const Kill& a, const Kill& b) { return a.at_ms < b.at_ms; });
  return {};
}

Status RunFlags::read_watched() {
  for (const std::string& text : watched_) {
    const size_t equals = text.find('=');
    const auto pid = parse_pid(equals == std::string::npos ? text : text.substr(equals + 1));
    if (!pid) return pid.status();
    load.watched.push_back({*pid, text.substr(0, equals)});
  }
  return {};
}

Result<Payloads> RunFlags::payloads() const {
  Payloads payloads(load.seed);
  for (const std::string& file : payload_files) PENSTOCK_TRY(payloads.add_file(file, raw));
  for (const std::string& size : sizes) PENSTOCK_TRY(payloads.add_size(size));
  if (payloads.empty()) PENSTOCK_TRY(payloads.add_size("1k"));
  return payloads;
}

Result<std::unique_ptr<Signer>> RunFlags::signer() const {
  if (sign.empty()) return std::unique_ptr<Signer>();
  return Signer::make(sign, secret, sign_header);
}

std::string RunFlags::payload_words() const {
  std::string words;
  for (const auto* list : {&payload_files, &sizes})
    for (const std::string& word : *list) words += (words.empty() ? "" : ", ") + word;
  return words.empty() ? "1k" : words;
}

}  // namespace penstock::bench
