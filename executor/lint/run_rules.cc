// What `run` runs: a workflow, a script, a shell command, a container.
#include <algorithm>

#include "executor/lint/rules.h"
#include "executor/lint/shape.h"

namespace penstock::lint {
namespace {

void check_return(Findings& findings, const Node& node) {
  static constexpr std::string_view kReturns[] = {"stdout", "stderr", "code", "all", "none"};
  check_word(findings, node, kReturns);
}

void check_pull_policy(Findings& findings, const Node& node) {
  static constexpr std::string_view kPolicies[] = {"ifNotPresent", "always", "never"};
  check_word(findings, node, kPolicies);
}

void check_cleanup(Findings& findings, const Node& node) {
  static constexpr std::string_view kPolicies[] = {"always", "never", "eventually"};
  check_word(findings, node, kPolicies);
}

void check_lifetime(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"cleanup", check_cleanup, Need::kRequired},
                                      {"after", check_duration}};
  check_object(findings, node, {"the container's lifetime", kFields});
  if (!has(node, "cleanup")) return;
  const bool eventually = node.value().get("cleanup").as_string() == "eventually";
  if (eventually == has(node, "after")) return;
  findings.error(code::kAmbiguous, node, At::kKey,
                 "\"after\" goes with cleanup: eventually, and only with it");
}

void check_container(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"image", check_string, Need::kRequired},
                                      {"name", check_string},
                                      {"command", check_string},
                                      {"ports", check_any_object},
                                      {"volumes", check_any_object},
                                      {"environment", check_any_object},
                                      {"stdin", check_string},
                                      {"arguments", check_string_list},
                                      {"lifetime", check_lifetime},
                                      {"pullPolicy", check_pull_policy}};
  check_object(findings, node, {"the container", kFields});
}

constexpr Field kCode[] = {{"language", check_string, Need::kRequired},
                           {"code", check_string, Need::kRequired},
                           {"stdin", check_string},
                           {"arguments", check_string_list},
                           {"environment", check_any_object}};
constexpr Field kSource[] = {{"language", check_string, Need::kRequired},
                             {"source", check_resource, Need::kRequired},
                             {"stdin", check_string},
                             {"arguments", check_string_list},
                             {"environment", check_any_object}};

void check_script(Findings& findings, const Node& node) {
  if (has(node, "code") && has(node, "source")) {
    return findings.error(code::kAmbiguous, node, At::kKey,
                          "a script has either \"code\" or \"source\", not both");
  }
  const bool source = has(node, "source");
  check_object(
      findings, node,
      {"the script", source ? std::span<const Field>(kSource) : std::span<const Field>(kCode)});
}

void check_shell(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"command", check_string, Need::kRequired},
                                      {"stdin", check_string},
                                      {"arguments", check_string_list},
                                      {"environment", check_any_object}};
  check_object(findings, node, {"the shell command", kFields});
}

void check_subflow(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"namespace", check_string, Need::kRequired},
                                      {"name", check_string, Need::kRequired},
                                      {"version", check_string, Need::kRequired},
                                      {"input", check_any_object}};
  check_object(findings, node, {"the workflow to run", kFields});
}

constexpr Field kRun[] = {{"workflow", check_subflow}, {"script", check_script},
                          {"shell", check_shell},      {"container", check_container},
                          {"await", check_boolean},    {"return", check_return}};
constexpr std::span<const Field> kProcesses = std::span<const Field>(kRun).first(4);

}  // namespace

void check_run(Findings& findings, const Node& node) {
  check_object(findings, node, {"what is run", kRun});
  if (!node.value().is_object()) return;
  const auto count = std::count_if(kProcesses.begin(), kProcesses.end(),
                                   [&](const Field& process) { return has(node, process.key); });
  if (count == 1) return;
  findings.error(code::kAmbiguous, node, At::kKey,
                 "\"run\" runs one of workflow, script, shell and container");
}

}  // namespace penstock::lint
