#include "gateway/cli/trigger_flags.h"

#include <algorithm>
#include <charconv>

#include "gateway/cli/input.h"
#include "gateway/config/units.h"
#include "proto/limits.h"
#include "proto/suggest.h"

namespace penstock::gateway {

using Kind = TriggerFlag::Kind;

static constexpr TriggerFlag kFlags[] = {
    {"", "--workflow", "W", Kind::kWorkflow, "workflow",
     "the workflow to start; W@VERSION pins a version"},
    {"", "--reply", "", Kind::kFlag, "reply",
     "hold the sender's request and answer with the workflow's output"},
    {"", "--wait", "TIME", Kind::kTime, "reply_wait_ms",
     "how long to hold it before it turns into 202 [30s]"},
    {"", "--require-key", "", Kind::kFlag, "require_key",
     "make an API key; senders without it are refused"},
    {"", "--durability", "disk|memory|replicated", Kind::kText, "durability",
     "what a 2xx promises [disk]"},
    {"", "--type", "TYPE", Kind::kText, "event_type", "the CloudEvents type of its events"},
    {"", "--body-bytes-max", "SIZE", Kind::kBytes, "body_bytes_max", "largest body; 413 beyond"},
    {"", "--attempts-max", "N", Kind::kCount, "attempts_max", "tries of a run before it is dead"},
    {"Who may send", "--verify", "PRESET", Kind::kText, "verify",
     "who signs the requests: github, stripe, …; `penstock verify --presets` lists them"},
    {"Who may send", "--secret", "S|@FILE|-", Kind::kSecret, "secret",
     "what they are signed with, as the sender shows it; a second one is good too"},
    {"Who may send", "--tolerance", "S", Kind::kCount, "tolerance_s",
     "seconds that a signed time may be off (the preset's)"},
    {"Who may send", "--replay-window", "", Kind::kFlag, "replay_window",
     "refuse a signature that came before also where no time is signed"},
    {"Who may send", "--verify-token", "S|@FILE|-", Kind::kSecret, "verify_token",
     "the token of Meta's handshake, as you chose it there"},
    {"Who may send", "--signature-header", "NAME", Kind::kText, "signature_header",
     "with --verify hmac: the signature's header [x-signature]"},
    {"Who may send", "--algorithm", "A", Kind::kText, "signature_algorithm",
     "with --verify hmac: sha1, sha256, sha384, sha512 [sha256]"},
    {"Who may send", "--encoding", "E", Kind::kText, "signature_encoding",
     "with --verify hmac: hex, base64, base64url, any [any]"},
    {"Who may send", "--prefix", "TEXT", Kind::kText, "signature_prefix",
     "with --verify hmac: what stands before the signature: sha256="},
    {"Who may send", "--signed", "TEXT", Kind::kText, "signed",
     "with --verify hmac: what is signed [{body}]: {timestamp} {id} {url} {path} {header:NAME} …"},
    {"Who may send", "--secret-encoding", "E", Kind::kText, "secret_encoding",
     "with --verify hmac: text, hex, base64, whsec [text]"},
    {"Who may send", "--timestamp-header", "NAME", Kind::kText, "timestamp_header",
     "with --verify hmac: where {timestamp} is"},
    {"Who may send", "--timestamp-unit", "U", Kind::kText, "timestamp_unit",
     "with --verify hmac: s, ms, iso [s]"},
    {"Who may send", "--id-header", "NAME", Kind::kText, "id_header",
     "with --verify hmac: where {id} is"},
    {"Who may send", "--basic", "USER=PASSWORD|@FILE|-", Kind::kSecrets, "basic_users",
     "a user who may send; repeatable"},
    {"Who may send", "--jwt-secret", "S|@FILE|-", Kind::kSecret, "jwt_secret",
     "what tokens (HS256) are signed with"},
    {"Who may send", "--jwt-public-key", "@FILE", Kind::kFile, "jwt_public_key",
     "PEM of the key that tokens are signed with: RS256, ES256 or EdDSA by its kind"},
    {"Who may send", "--jwks-url", "URL", Kind::kText, "jwks_url",
     "where the tokens' keys are published"},
    {"Who may send", "--jwt-issuer", "TEXT", Kind::kText, "jwt_issuer", "the tokens' iss"},
    {"Who may send", "--jwt-audience", "TEXT", Kind::kText, "jwt_audience", "the tokens' aud"},
    {"Who may send", "--allow-address", "CIDR", Kind::kList, "allow_addresses",
     "an address or network that may send; repeatable; others are refused"},
    {"Flow", "--dedup-key", "JQ", Kind::kText, "dedup_key",
     "what tells copies of a delivery, such as .data.id [Idempotency-Key, webhook-id, …]"},
    {"Flow", "--dedup-ttl", "TIME", Kind::kTime, "dedup_ttl_ms", "how long a key counts [24h]"},
    {"Flow", "--dedup-off", "", Kind::kFlag, "dedup_off", "copies are deliveries like any other"},
    {"Flow", "--dedup-conflict", "", Kind::kFlag, "dedup_conflict",
     "409 to a copy whose first is under way, instead of waiting with it"},
    {"Flow", "--rate", "N", Kind::kNumber, "rate_per_s", "requests a second; 429 beyond"},
    {"Flow", "--rate-burst", "N", Kind::kCount, "rate_burst", "requests at once [a second's]"},
    {"Flow", "--concurrency", "N", Kind::kCount, "concurrency_max", "runs at once; the rest waits"},
    {"Flow", "--concurrency-key", "JQ", Kind::kText, "concurrency_key",
     "makes that limit one for each value"},
    {"Flow", "--lane", "JQ", Kind::kText, "lane",
     "events of the same value run one at a time, in order"},
    {"Flow", "--priority", "N", Kind::kCount, "priority", "runs of a higher one begin first [0]"},
    {"Flow", "--delay", "TIME", Kind::kTime, "delay_ms", "how long a run waits before it begins"},
    {"Flow", "--throttle", "N", Kind::kNumber, "throttle_per_s", "runs begun a second"},
    {"Flow", "--breaker", "N", Kind::kCount, "breaker_failures",
     "failures in a row after which runs wait"},
    {"Flow", "--breaker-open", "TIME", Kind::kTime, "breaker_open_ms",
     "how long, before one is tried [30s]"},
    {"Flow", "--also", "W", Kind::kList, "fan_out", "a further workflow to start; repeatable"},
    {"Flow", "--single-flight", "JQ|body", Kind::kText, "single_flight",
     "requests alike that are under way share one run"},
    {"What may come", "--method", "METHOD", Kind::kList, "methods",
     "GET, PUT, PATCH or DELETE beside POST"},
    {"What may come", "--any-body", "", Kind::kFlag, "any_body",
     "take texts and bytes too; they become JSON"},
    {"What may come", "--batch", "", Kind::kFlag, "batch", "a JSON array is many events"},
    {"What may come", "--keep-header", "NAME", Kind::kList, "keep_headers",
     "keep only these headers [all but credentials]"},
    {"What may come", "--receipts", "", Kind::kFlag, "receipts",
     "sign a receipt for every event, asked for or not"},
    {"Replies", "--on-hang-up", "continue|cancel|grace", Kind::kText, "on_hang_up",
     "what becomes of the run when its caller leaves before the reply [continue]"},
    {"Replies", "--grace", "TIME", Kind::kTime, "grace_ms",
     "with grace: cancel it when nobody asks for it again in this time [10s]"},
    {"Replies", "--result-retention", "TIME", Kind::kTime, "result_retention_ms",
     "how long a result is kept for callers; then 410"},
    {"Replies", "--stream-bytes", "SIZE", Kind::kBytes, "stream_bytes",
     "a stream's text is kept and sent in pieces of up to this size [4KiB] …"},
    {"Replies", "--stream-every", "TIME", Kind::kTime, "stream_ms",
     "… or what came within this time; the first piece at once [20ms]"},
    {"Mapping", "--set", "V=JQ", Kind::kPairs, "variables",
     "the workflow gets variable V, made by an expression, instead of the body"},
    {"Mapping", "--filter", "JQ", Kind::kText, "filter", "only events for which this is true run"},
    {"Mapping", "--schema", "@FILE|JSON", Kind::kJson, "schema",
     "a JSON Schema of the body; other bodies are refused with 422"},
    {"Mapping", "--samples-max", "N", Kind::kCount, "samples_max",
     "events kept for a mapping to be tried on [20]"},
};

static bool is_repeatable(Kind kind) {
  return kind == Kind::kList || kind == Kind::kPairs || kind == Kind::kSecret ||
         kind == Kind::kSecrets;
}

bool TriggerFlags::given(std::string_view flag) const {
  for (const Value& value : values_)
    if (value.flag->name == flag) return value.on || !value.text.empty() || !value.list.empty();
  return false;
}

void TriggerFlags::add_to(Command& command) {
  std::string_view area;
  for (const TriggerFlag& flag : kFlags) {
    if (flag.area != area) command.heading(std::string(area = flag.area));
    Value& value = values_.emplace_back(Value{&flag});
    const std::string name(flag.name), metavar(flag.metavar), help(flag.help);
    if (flag.kind == Kind::kFlag) command.flag(name, value.on, help);
    else if (is_repeatable(flag.kind))
      command.options(name, value.list, metavar, help);
    else command.option(name, value.text, metavar, help);
  }
  command.heading("Options");
}

/// workflow or workflow@version.
static Status write_workflow(JsonObject& object, const std::string& workflow) {
  const size_t at = workflow.find('@');
  object.text("workflow", workflow.substr(0, at));
  if (at == std::string::npos) return {};
  const Result<uint64_t> version = parse_count(workflow.substr(at + 1));
  if (!version || *version == 0)
    return Status::invalid("--workflow: the version behind @ is a number from 1");
  object.number("workflow_version", *version);
  return {};
}

static Status write_number(JsonObject& object, const TriggerFlag& flag, Result<uint64_t> value) {
  if (!value) return Status::invalid(std::string(flag.name) + ": " + value.status().message());
  object.number(flag.member, *value);
  return {};
}

static Status write_fraction(JsonObject& object, const TriggerFlag& flag,
                             const std::string& text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return Status::invalid(std::string(flag.name) + ": not a number: " + text);
  object.raw(flag.member, text);
  return {};
}

static Status write_file(JsonObject& object, const TriggerFlag& flag, std::string text) {
  if (text.starts_with('@')) {
    Result<std::string> read = read_input(text.substr(1), limits::workflow_bytes_max);
    if (!read) return Status::invalid(std::string(flag.name) + ": " + read.status().message());
    text = *std::move(read);
  }
  if (flag.kind == Kind::kFile) return object.text(flag.member, text), Status();
  if (!JsonDocument::parse(text))
    return Status::invalid(std::string(flag.name) + ": this is not JSON");
  object.raw(flag.member, text);
  return {};
}

static void write_list(JsonObject& object, const TriggerFlag& flag,
                       const std::vector<std::string>& list) {
  std::string json;
  for (const std::string& item : list) {
    JsonObject one;  // its escaping, without its braces
    one.text("x", item);
    const std::string text = one.str();
    json += json.empty() ? "[" : ",";
    json += text.substr(5, text.size() - 6);
  }
  object.raw(flag.member, json + "]");
}

/// A secret as it is, or better from a file or standard input: a command line is visible to all.
static Result<std::string> read_secret(const TriggerFlag& flag, const std::string& text) {
  if (text != "-" && !text.starts_with('@')) return text;
  Result<std::string> read =
      read_input(text == "-" ? text : text.substr(1), limits::secret_bytes_max);
  if (!read) return Status::invalid(std::string(flag.name) + ": " + read.status().message());
  while (read->ends_with('\n') || read->ends_with('\r')) read->pop_back();
  return read;
}

static Status write_secret(JsonObject& object, const TriggerFlag& flag,
                           const std::vector<std::string>& list) {
  std::vector<std::string> read;
  for (const std::string& item : list) {
    Result<std::string> secret = read_secret(flag, item);
    if (!secret) return secret.status();
    read.push_back(*std::move(secret));
  }
  if (read.size() == 1) object.text(flag.member, read.front());
  else write_list(object, flag, read);
  return {};
}

static Status write_secrets(JsonObject& object, const TriggerFlag& flag,
                            const std::vector<std::string>& list) {
  JsonObject pairs;
  for (const std::string& item : list) {
    const size_t at = item.find('=');
    if (at == std::string::npos || at == 0)
      return Status::invalid(std::string(flag.name) + ": write USER=PASSWORD or USER=@FILE");
    Result<std::string> secret = read_secret(flag, item.substr(at + 1));
    if (!secret) return secret.status();
    pairs.text(item.substr(0, at), *secret);
  }
  object.raw(flag.member, pairs.str());
  return {};
}

static Status write_pairs(JsonObject& object, const TriggerFlag& flag,
                          const std::vector<std::string>& list) {
  JsonObject pairs;
  for (const std::string& item : list) {
    const size_t at = item.find('=');
    if (at == std::string::npos || at == 0)
      return Status::invalid(std::string(flag.name) + ": write NAME=VALUE, not " + item);
    pairs.text(item.substr(0, at), item.substr(at + 1));
  }
  object.raw(flag.member, pairs.str());
  return {};
}

Status TriggerFlags::write(JsonObject& object) const {
  for (const Value& value : values_) {
    const TriggerFlag& flag = *value.flag;
    if (flag.kind == Kind::kFlag) {
      if (value.on) object.boolean(flag.member, true);  // said twice says the same
      continue;
    }
    if (is_repeatable(flag.kind)) {
      if (value.list.empty()) continue;
      if (flag.kind == Kind::kSecret) PENSTOCK_TRY(write_secret(object, flag, value.list));
      else if (flag.kind == Kind::kSecrets)
        PENSTOCK_TRY(write_secrets(object, flag, value.list));
      else if (flag.kind == Kind::kList) write_list(object, flag, value.list);
      else PENSTOCK_TRY(write_pairs(object, flag, value.list));
      continue;
    }
    if (value.text.empty()) continue;
    switch (flag.kind) {
      case Kind::kWorkflow: PENSTOCK_TRY(write_workflow(object, value.text)); break;
      case Kind::kCount:
        PENSTOCK_TRY(write_number(object, flag, parse_count(value.text)));
        break;
      case Kind::kNumber: PENSTOCK_TRY(write_fraction(object, flag, value.text)); break;
      case Kind::kTime:
        if (flag.member == "reply_wait_ms") object.boolean("reply", true);
        PENSTOCK_TRY(write_number(object, flag,
                                  flag.member == "reply_wait_ms"
                                      ? read_wait(value.text)
                                      : parse_duration_ms(value.text, 1000)));
        break;
      case Kind::kBytes: PENSTOCK_TRY(write_number(object, flag, parse_bytes(value.text))); break;
      case Kind::kFile:
      case Kind::kJson: PENSTOCK_TRY(write_file(object, flag, value.text)); break;
      default: object.text(flag.member, value.text);
    }
  }
  return {};
}

Status TriggerFlags::unset(JsonObject& object, const std::vector<std::string>& names) const {
  std::vector<std::string_view> known;
  for (const TriggerFlag& flag : kFlags)
    if (flag.kind != Kind::kWorkflow) known.push_back(flag.name.substr(2));
  for (std::string_view name : names) {
    if (name.starts_with("--")) name.remove_prefix(2);
    const auto found = std::find_if(std::begin(kFlags), std::end(kFlags), [name](const auto& flag) {
      return flag.name.substr(2) == name && flag.kind != Kind::kWorkflow;
    });
    if (found == std::end(kFlags))
      return Status::invalid("--unset: no setting is called " + std::string(name) +
                             did_you_mean(name, known));
    if (given(found->name))
      return Status::invalid(std::string(found->name) + " is both set and unset");
    object.raw(found->member, "null");
  }
  return {};
}

}  // namespace penstock::gateway
