// penstock verify: is a captured request's signature good, and if not, why not? Needs no server.
#include <charconv>
#include <cstdlib>

#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/table.h"
#include "gateway/cli/verify_report.h"
#include "gateway/verify/cause.h"
#include "gateway/verify/free_form.h"
#include "gateway/verify/moment.h"
#include "proto/clock.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

struct VerifyFlags {
  std::string preset, url, method = "POST", body, at, tolerance, secret_file;
  std::vector<std::string> secrets, headers;
  verify::FreeForm form;
  bool json = false, list = false;
};

/// What the flags come to; everything that views point into.
struct VerifyInput {
  verify::Preset preset;
  std::vector<std::string> secrets;
  std::vector<HeaderView> headers;
  std::string body;
  verify::SignedRequest request;
  verify::Age age;
};

Status wrong(std::string sentence) {
  return Status::invalid(std::move(sentence));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r\n").find(text.front()) != text.npos)
    text.remove_prefix(1);
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != text.npos)
    text.remove_suffix(1);
  return text;
}

Status read_preset(const VerifyFlags& flags, VerifyInput& input) {
  const verify::Preset* known = verify::find_preset(flags.preset);
  if (!known)
    return wrong("unknown preset \"" + flags.preset + "\"" +
                 verify::preset_suggestion(flags.preset) +
                 "; `penstock verify --presets` lists them");
  input.preset = *known;
  if (known->name != "hmac") return Status();
  Result<verify::Preset> described =
      verify::free_form_preset(verify::guessed(flags.form, input.request));
  if (!described) return described.status();
  input.preset = std::move(*described);
  return Status();
}

Status read_secrets(const VerifyFlags& flags, VerifyInput& input) {
  input.secrets = flags.secrets;
  if (!flags.secret_file.empty()) {
    Result<std::string> text = read_input(flags.secret_file, limits::verify_secret_bytes_max);
    if (!text) return text.status();
    input.secrets.emplace_back(trimmed(*text));
  }
  const char* environment = std::getenv("PENSTOCK_VERIFY_SECRET");
  if (input.secrets.empty() && environment) input.secrets.emplace_back(environment);
  if (input.secrets.empty()) return wrong("give --secret, --secret-file or PENSTOCK_VERIFY_SECRET");
  return Status();
}

Status read_headers(const VerifyFlags& flags, VerifyInput& input) {
  for (const std::string& line : flags.headers) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0)
      return wrong("--header \"" + line + "\" is not of the form 'Name: value'");
    const std::string_view view = line;
    input.headers.push_back({trimmed(view.substr(0, colon)), trimmed(view.substr(colon + 1))});
  }
  return Status();
}

Status read_body(const VerifyFlags& flags, VerifyInput& input) {
  const bool file = flags.body.starts_with('@');
  if (!file && flags.body != "-") {
    input.body = flags.body;
    return Status();
  }
  Result<std::string> text =
      read_input(file ? flags.body.substr(1) : "-", limits::body_bytes_ceiling);
  if (!text) return text.status();
  input.body = std::move(*text);
  return Status();
}

/// --at: seconds since 1970 or 2026-01-31T12:00:00Z. Now, without it.
Result<int64_t> read_at(const std::string& text) {
  if (text.empty()) return static_cast<int64_t>(SystemClock().wall_ms() / 1000);
  auto moment = verify::parse_moment(text, verify::TimeUnit::kSeconds);
  if (!moment) moment = verify::parse_moment(text, verify::TimeUnit::kIso8601);
  if (!moment) return wrong("--at must be seconds since 1970, or like 2026-01-31T12:00:00Z");
  return *moment / 1000;
}

/// Where the sender sets no limit, age counts only when it is asked about: what was captured
/// yesterday is no worse for it.
bool age_counts(const VerifyFlags& flags, const verify::Preset& preset) {
  if (!flags.at.empty() || !flags.tolerance.empty()) return true;
  for (const verify::Scheme& scheme : preset.schemes)
    if (scheme.tolerance_s > 0 && !scheme.tolerance_is_ours) return true;
  return false;
}

Status read_age(const VerifyFlags& flags, VerifyInput& input) {
  Result<int64_t> now_s = read_at(flags.at);
  if (!now_s) return now_s.status();
  input.age.now_s = *now_s;
  input.age.checked = flags.tolerance != "off" && age_counts(flags, input.preset);
  if (flags.tolerance.empty() || flags.tolerance == "off") return Status();
  uint32_t seconds = 0;
  const char* end = flags.tolerance.data() + flags.tolerance.size();
  const auto [rest, error] = std::from_chars(flags.tolerance.data(), end, seconds);
  if (error != std::errc() || rest != end)
    return wrong("--tolerance must be a whole number of seconds, or off");
  input.age.tolerance_s = seconds;
  return Status();
}

Status read_all(const VerifyFlags& flags, VerifyInput& input) {
  PENSTOCK_TRY(read_headers(flags, input));
  PENSTOCK_TRY(read_body(flags, input));
  input.request = {flags.method, flags.url, input.headers, input.body};
  PENSTOCK_TRY(read_preset(flags, input));
  PENSTOCK_TRY(read_secrets(flags, input));
  return read_age(flags, input);
}

int judge(const Console& console, const VerifyFlags& flags, const VerifyInput& input) {
  VerifyReport report{.preset = input.preset.name, .at_s = input.age.now_s, .verdict = {}};
  const Result<verify::Verifier> verifier = verify::Verifier::create(input.preset, input.secrets);
  if (!verifier) {
    report.verdict.detail = "no such secret: " + verifier.status().message();
  } else {
    report.verdict = verifier->verify(input.request, input.age);
    report.signed_text = verifier->signed_text(input.request);
    report.causes = verify::likely_causes(input.preset, input.secrets, input.request,
                                          report.verdict, input.age);
  }
  if (report.verdict.reason == verify::Reason::kMissingUrl) {
    console.fail("this preset signs the URL: give --url as the sender calls it");
    return kExitUsage;
  }
  console.print(flags.json ? report_json(report) : report_text(report, console));
  return report.verdict.ok() ? kExitDone : kExitFailed;
}

int list_presets(const Console& console, bool json) {
  console.print(json ? presets_json() : presets_text(console));
  return kExitDone;
}

int run(const Console& console, const VerifyFlags& flags) {
  if (flags.list || flags.preset == "list") return list_presets(console, flags.json);
  VerifyInput input;
  const Status read = flags.preset.empty()
                          ? wrong("--preset is missing; `penstock verify --presets` lists them")
                          : read_all(flags, input);
  if (read.ok()) return judge(console, flags, input);
  console.fail(read.message());
  return kExitUsage;
}

void add_free_form_flags(Command& command, verify::FreeForm& form) {
  command.heading("For --preset hmac");
  command.option("--signature-header", form.header, "NAME", "the signature's header (x-signature)");
  command.option("--algorithm", form.algorithm, "A", "sha1, sha256 (default), sha384, sha512");
  command.option("--encoding", form.encoding, "E", "hex, base64, base64url, any (default)");
  command.option("--prefix", form.prefix, "TEXT", "what stands before the signature: sha256=");
  command.option("--signed", form.text, "TEXT",
                 "what is signed ({body}): {timestamp} {id} {url} {path} {query} {method} {form} "
                 "{header:NAME}");
  command.option("--secret-encoding", form.secret_encoding, "E",
                 "text (default), hex, base64, whsec");
  command.option("--timestamp-header", form.timestamp_header, "NAME", "where {timestamp} is");
  command.option("--timestamp-unit", form.timestamp_unit, "U", "s (default), ms, iso");
  command.option("--id-header", form.id_header, "NAME", "where {id} is");
}

}  // namespace

void add_verify_command(Command& root, const Console& console) {
  Command command =
      root.sub("verify", "check a captured request's signature, and say why it fails");
  const auto flags = std::make_shared<VerifyFlags>();
  command.option("--preset", flags->preset, "P", "who signed it; `list` lists them");
  command.flag("--presets", flags->list, "list the presets and the headers they read");
  command.options("--secret", flags->secrets, "S",
                  "the secret or public key as the sender shows it");
  command.option("--secret-file", flags->secret_file, "FILE",
                 "the same from a file, or - for stdin");
  command.option("--url", flags->url, "U", "the URL as the sender calls it, where that is signed");
  command.option("--method", flags->method, "M", "the request's method (POST)");
  command.options("--header", flags->headers, "'K: V'", "a header of the request");
  command.option("--body", flags->body, "@FILE|-",
                 "the body, byte for byte: a file, stdin, or text");
  command.option("--at", flags->at, "UNIX", "judge the age as at this time (now)");
  command.option("--tolerance", flags->tolerance, "S",
                 "seconds that a signed time may be off, or off (the preset's)");
  command.flag("--json", flags->json, "print JSON");
  add_free_form_flags(command, flags->form);
  command.action([flags, &console] { return run(console, *flags); });
  command.examples({"penstock verify --preset github --secret \"$S\" --body @payload.json \\",
                    "    --header 'X-Hub-Signature-256: sha256=…'", "penstock verify --presets"});
}

}  // namespace penstock::gateway
