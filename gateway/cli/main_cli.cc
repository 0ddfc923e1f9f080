// The tree of all commands and the way into it.
#include <csignal>

#include "gateway/cli/commands.h"
#include "gateway/cli/delegate.h"

namespace penstock::gateway {

int run_cli(int argc, const char* const* argv) {
  const Console console;
  const std::vector<std::string> delegated = executor_arguments(argc, argv);
  if (!delegated.empty()) return delegate_to_executor(console, delegated);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a failed write, not a death
  Session session(console);
  CommandLine line(
      "penstock",
      "Penstock takes webhooks, keeps them, runs workflows on them and hands out the replies.",
      PENSTOCK_VERSION);
  Command root = line.root();
  add_serve_command(root, console);
  add_workflow_commands(root, session);
  add_trigger_commands(root, session);
  add_event_commands(root, session);
  add_run_commands(root, session);
  add_secret_commands(root, session);
  add_receipt_commands(root, session);
  add_audit_command(root, session);
  add_server_commands(root, session);
  add_config_commands(root, console);
  add_backup_commands(root, console);
  add_jq_command(root, console);
  add_verify_command(root, console);
  root.examples({"penstock serve", "penstock workflow apply hello.yaml",
                 "penstock trigger create hello --workflow hello --reply"});
  return line.run(argc, argv);
}

}  // namespace penstock::gateway
