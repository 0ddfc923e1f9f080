// What the standard has and this runtime refuses, each with what to use instead.
#include <algorithm>
#include <array>

#include "executor/lint/meaning.h"
#include "executor/lint/shape.h"
#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

constexpr std::array<std::string_view, 4> kLanguages{"js", "javascript", "python", "python3"};

class ProfileRules : public TaskVisitor {
 public:
  explicit ProfileRules(Findings& findings) : findings_(findings) {}

  void task(const Node& task, const Scope*) override {
    if (text_of(task, "call") == "asyncapi") {
      findings_.error(code::kUnsupported, *child(task, "call"), At::kValue,
                      "AsyncAPI calls are not made here",
                      "use emit and listen for events, or call: http where the broker speaks it");
    }
    chat(task);
    const auto run = child(task, "run");
    if (!run) return;
    container(*run);
    script(*run);
    for (const char* word : {"shell", "script"}) {
      if (const auto process = child(*run, word)) {
        findings_.warning(code::kAdvice, *process, At::kKey,
                          "this runs only where the operator allows it",
                          "serve --allow-run " + std::string(word));
      }
    }
  }

 private:
  // What a call of a model cannot do without; the standard leaves `with` open.
  void chat(const Node& task) {
    const std::string_view call = text_of(task, "call");
    if (!call.starts_with("chat:") || !call.ends_with("@default")) return;
    const auto with = child(task, "with");
    const auto has = [&with](const char* key) { return with && child(*with, key); };
    std::string missing;
    if (!has("model") && !has("models")) missing = "`model`";
    if (!has("messages")) missing = "`messages`, a list of {role, content}";
    if (!has("endpoint") && !has("models"))
      missing = "`endpoint`, such as https://api.openai.com/v1";
    if (missing.empty()) return;
    findings_.error(code::kReference, with ? *with : *child(task, "call"), At::kValue,
                    "a chat needs " + missing);
  }
  void container(const Node& run) {
    const auto container = child(run, "container");
    if (!container) return;
    findings_.error(code::kUnsupported, *container, At::kKey, "containers are not run here",
                    "use run: script or run: shell, or call: http to a service that runs it");
  }
  void script(const Node& run) {
    const auto script = child(run, "script");
    if (!script) return;
    const auto language = child(*script, "language");
    if (!language || !language->value().is_string()) return;
    const std::string_view word = language->value().as_string();
    if (std::find(kLanguages.begin(), kLanguages.end(), word) != kLanguages.end()) return;
    findings_.error(code::kUnsupported, *language, At::kValue,
                    "scripts in " + quoted(word) + " are not run here", "use js or python");
  }

  Findings& findings_;
};

size_t fields_in(std::string_view cron) {
  size_t count = 0;
  bool in_field = false;
  for (const char c : cron) {
    const bool space = c == ' ' || c == '\t';
    if (!space && !in_field) count++;
    in_field = !space;
  }
  return count;
}

// A time zone may stand in front: `TZ=Europe/Berlin 0 9 * * *`.
std::string_view without_zone(std::string_view cron) {
  if (!cron.starts_with("TZ=") && !cron.starts_with("CRON_TZ=")) return cron;
  const size_t space = cron.find(' ');
  return space == std::string_view::npos ? std::string_view() : cron.substr(space + 1);
}

void check_cron(Findings& findings, const Node& schedule) {
  const auto cron = child(schedule, "cron");
  if (!cron || !cron->value().is_string()) return;
  const std::string_view text = without_zone(cron->value().as_string());
  if (text.starts_with('@') || fields_in(text) == 5 || fields_in(text) == 6) return;
  findings.error(code::kUnsupported, *cron, At::kValue,
                 quoted(cron->value().as_string()) + " is no cron expression",
                 "five fields: minute, hour, day of month, month, day of week");
}

}  // namespace

void check_profile(Findings& findings, const Node& root) {
  ProfileRules rules(findings);
  walk_tasks(root, rules);
  if (const auto schedule = child(root, "schedule")) check_cron(findings, *schedule);
}

}  // namespace penstock::lint
