// The commands, one function a noun; each adds its own part of the tree. What the flags write to is
// owned by the actions. `session` and `console` must outlive the CommandLine.
#pragma once

#include "gateway/cli/command.h"
#include "gateway/cli/session.h"

namespace penstock::gateway {

void add_serve_command(Command& root, const Console& console);
void add_config_commands(Command& root, const Console& console);
void add_workflow_commands(Command& root, Session& session);
void add_jq_command(Command& root, const Console& console);
void add_trigger_commands(Command& root, Session& session);
/// Below `trigger`: what was refused, what it was before.
void add_trigger_views(Command& trigger, Session& session);
/// Below `trigger`: map, samples; test.
void add_trigger_mapping(Command& trigger, Session& session);
void add_trigger_test(Command& trigger, Session& session);
/// Below `event`: replay, one by one or by a filter.
void add_event_replay(Command& event, Session& session);
void add_event_commands(Command& root, Session& session);
void add_run_commands(Command& root, Session& session);
void add_secret_commands(Command& root, Session& session);
void add_server_commands(Command& root, Session& session);
void add_backup_commands(Command& root, const Console& console);
void add_audit_command(Command& root, Session& session);
void add_receipt_commands(Command& root, Session& session);
void add_verify_command(Command& root, const Console& console);

/// The whole program: builds the tree, runs the line, gives the exit code.
int run_cli(int argc, const char* const* argv);

}  // namespace penstock::gateway
