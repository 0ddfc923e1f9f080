// Tasks: which kind one is, what all of them share, and lists of them.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/suggestion.h"

namespace penstock::lint {
namespace {

// What `call` may be is known only together with its `with`; see check_call().
constexpr Field kCallFields[] = {{"call", check_string, Need::kRequired}, {"with", check_anything}};
constexpr Field kForkFields[] = {{"fork", check_fork, Need::kRequired}};
constexpr Field kEmitFields[] = {{"emit", check_emit, Need::kRequired}};
constexpr Field kForFields[] = {{"for", check_for, Need::kRequired},
                                {"while", check_string},
                                {"do", check_task_list, Need::kRequired}};
constexpr Field kListenFields[] = {{"listen", check_listen, Need::kRequired},
                                   {"foreach", check_listen_foreach}};
constexpr Field kRaiseFields[] = {{"raise", check_raise, Need::kRequired}};
constexpr Field kRunFields[] = {{"run", check_run, Need::kRequired}};
constexpr Field kSetFields[] = {{"set", check_set, Need::kRequired}};
constexpr Field kSwitchFields[] = {{"switch", check_switch, Need::kRequired}};
constexpr Field kTryFields[] = {{"try", check_task_list, Need::kRequired},
                                {"catch", check_catch, Need::kRequired}};
constexpr Field kWaitFields[] = {{"wait", check_duration, Need::kRequired}};
constexpr Field kDoFields[] = {{"do", check_task_list, Need::kRequired}};

constexpr Field kSharedFields[] = {{"if", check_string},
                                   {"input", check_input},
                                   {"output", check_output},
                                   {"export", check_export},
                                   {"timeout", check_timeout_or_name},
                                   {"then", check_string},
                                   {"metadata", check_any_object}};

struct Kind {
  std::string_view key;  ///< whose presence makes a task of this kind
  std::span<const Field> fields;
};
// `do` is last because `for` has one too.
constexpr std::array<Kind, 12> kKinds{{{"call", kCallFields},
                                       {"fork", kForkFields},
                                       {"emit", kEmitFields},
                                       {"for", kForFields},
                                       {"listen", kListenFields},
                                       {"raise", kRaiseFields},
                                       {"run", kRunFields},
                                       {"set", kSetFields},
                                       {"switch", kSwitchFields},
                                       {"try", kTryFields},
                                       {"wait", kWaitFields},
                                       {"do", kDoFields}}};

std::vector<const Kind*> kinds_of(const Node& node) {
  std::vector<const Kind*> kinds;
  for (const Kind& kind : kKinds) {
    const bool part_of_loop = kind.key == "do" && !kinds.empty() && kinds.front()->key == "for";
    if (has(node, kind.key) && !part_of_loop) kinds.push_back(&kind);
  }
  return kinds;
}

std::string title(const Kind& kind, const Node& node) {
  return "the " + std::string(kind.key) + " task " + quoted(node.name());
}

std::vector<Field> fields_of(const Kind& kind) {
  std::vector<Field> fields(kind.fields.begin(), kind.fields.end());
  fields.insert(fields.end(), std::begin(kSharedFields), std::end(kSharedFields));
  return fields;
}

void check_call(Findings& findings, const Node& node) {
  const std::string_view function = node.value().get("call").as_string();
  if (const auto with = node.value().find("with")) {
    if (!node.value().get("call").is_string()) return;
    return check_call_arguments(findings, Node(node, "with", *with), function);
  }
  if (!needs_call_arguments(function)) return;
  findings.error(code::kMissingKey, node, At::kKey,
                 "\"with\" missing from the call task " + quoted(node.name()));
}

// A task that says nothing of what it does: perhaps a misspelled kind, perhaps only `then`.
void report_no_kind(Findings& findings, const Node& node) {
  std::vector<std::string_view> known;
  for (const Kind& kind : kKinds) known.push_back(kind.key);
  for (const Field& field : kSharedFields) known.push_back(field.key);
  for (size_t i = 0; i < node.value().size(); i++) {
    const json::Member member = node.value().member(i);
    const std::string_view key = member.key.as_string();
    const std::string_view meant = suggest(key, known);
    if (meant.empty() || meant == key) continue;
    return findings.error(code::kUnknownKey, Node(node, key, member.value), At::kKey,
                          "unknown key " + quoted(key) + " in the task " + quoted(node.name()),
                          "did you mean " + quoted(meant) + "?");
  }
  findings.error(code::kMissingKey, node, At::kKey,
                 "the task " + quoted(node.name()) + " does nothing",
                 "give it one of call, do, emit, for, fork, listen, raise, run, set, switch, try, "
                 "wait");
}

void report_two_kinds(Findings& findings, const Node& node, const Kind& one, const Kind& other) {
  findings.error(code::kAmbiguous, Node(node, other.key, node.value().get(other.key)), At::kKey,
                 "a task does one thing, but " + quoted(node.name()) + " has both " +
                     quoted(one.key) + " and " + quoted(other.key),
                 "make it two tasks");
}

// `- name:` with its keys beside instead of below: YAML's most common slip in a task list.
bool report_indentation(Findings& findings, const Node& item) {
  const json::Member first = item.value().member(0), second = item.value().member(1);
  if (!first.value.is_null()) return false;
  findings.error(code::kBadValue, Node(item, second.key.as_string(), second.value), At::kKey,
                 quoted(second.key.as_string()) + " stands beside " +
                     quoted(first.key.as_string()) + ", not in it",
                 "indent it further");
  return true;
}

void check_named_item(Findings& findings, const Node& item, Check check) {
  if (!item.value().is_object()) {
    return report_type(findings, item, "a list of objects of one member each (- name: …)");
  }
  if (item.value().size() == 1) return check_each_member(findings, item, check);
  if (item.value().size() > 1 && report_indentation(findings, item)) return;
  findings.error(code::kBadValue, item, At::kValue,
                 "each item of " + quoted(item.name()) + " has one name, not " +
                     std::to_string(item.value().size()),
                 "begin each with its own \"- \"");
}

}  // namespace

void check_named_items(Findings& findings, const Node& node, Check check) {
  if (!node.value().is_array()) {
    return report_type(findings, node, "a list whose items have one name each (- name: …)");
  }
  for (size_t i = 0; i < node.value().size(); i++) {
    check_named_item(findings, Node(node, i, node.value().at(i)), check);
  }
}

void check_task_list(Findings& findings, const Node& node) {
  check_named_items(findings, node, check_task);
}

void check_task(Findings& findings, const Node& node) {
  if (!expect_object(findings, node)) return;
  const std::vector<const Kind*> kinds = kinds_of(node);
  if (kinds.empty()) return report_no_kind(findings, node);
  if (kinds.size() > 1) return report_two_kinds(findings, node, *kinds[0], *kinds[1]);
  const std::vector<Field> fields = fields_of(*kinds[0]);
  const std::string name = title(*kinds[0], node);
  check_object(findings, node, {name, fields});
  if (kinds[0]->key == "call") check_call(findings, node);
}

}  // namespace penstock::lint
