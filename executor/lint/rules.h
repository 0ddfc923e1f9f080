// The shapes of the workflow DSL 1.0.3, one check per part, as the standard's schema has them: a
// definition gets a `schema.` error here exactly where the schema refuses it. Where the schema is
// laxer than sense, a warning. The parts are in the *_rules.cc files.
// Each check reports to Findings and returns nothing. No state, any thread.
#pragma once

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// The whole definition.
void check_workflow(Findings& findings, const Node& node);

// --- Tasks (task_rules.cc, step_rules.cc, call_rules.cc, run_rules.cc) ---
void check_task_list(Findings& findings, const Node& node);
void check_task(Findings& findings, const Node& node);
/// A list whose items are objects of one member each: `- name: …`.
void check_named_items(Findings& findings, const Node& node, void (*check)(Findings&, const Node&));
void check_fork(Findings& findings, const Node& node);
void check_emit(Findings& findings, const Node& node);
void check_for(Findings& findings, const Node& node);
void check_listen(Findings& findings, const Node& node);
void check_listen_foreach(Findings& findings, const Node& node);
void check_raise(Findings& findings, const Node& node);
void check_run(Findings& findings, const Node& node);
void check_set(Findings& findings, const Node& node);
void check_switch(Findings& findings, const Node& node);
void check_catch(Findings& findings, const Node& node);
/// The `with` of `call: asyncapi`.
void check_asyncapi(Findings& findings, const Node& node);
/// The `with` of a call; `function` is what its `call` says.
void check_call_arguments(Findings& findings, const Node& node, std::string_view function);
/// Whether a call of this function must have a `with`.
bool needs_call_arguments(std::string_view function);

// --- What tasks share (data_rules.cc) ---
void check_input(Findings& findings, const Node& node);
void check_output(Findings& findings, const Node& node);
void check_export(Findings& findings, const Node& node);
void check_resource(Findings& findings, const Node& node);
void check_endpoint(Findings& findings, const Node& node);
void check_uri(Findings& findings, const Node& node);
/// A URI or one expression.
void check_uri_or_expression(Findings& findings, const Node& node);
/// An object of strings or one expression.
void check_strings_or_expression(Findings& findings, const Node& node);
void check_one_expression(Findings& findings, const Node& node);

// --- Policies (policy_rules.cc) ---
void check_duration(Findings& findings, const Node& node);
void check_timeout(Findings& findings, const Node& node);
void check_timeout_or_name(Findings& findings, const Node& node);
void check_retry(Findings& findings, const Node& node);
void check_retry_or_name(Findings& findings, const Node& node);
void check_error(Findings& findings, const Node& node);
void check_error_or_name(Findings& findings, const Node& node);
void check_error_filter(Findings& findings, const Node& node);

// --- Authentication (auth_rules.cc) ---
/// Where it is used: a policy, or the name of one.
void check_authentication(Findings& findings, const Node& node);
/// Where it is defined, in use.authentications.
void check_authentication_policy(Findings& findings, const Node& node);

// --- Events (event_rules.cc) ---
void check_event_strategy(Findings& findings, const Node& node);
void check_emitted_event(Findings& findings, const Node& node);

}  // namespace penstock::lint
