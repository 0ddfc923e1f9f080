// penstock serve: reads the configuration and hands the process to the gateway.
#include "gateway/app/serve.h"

#include "gateway/cli/commands.h"
#include "gateway/cli/config_flags.h"

namespace penstock::gateway {

static int run_serve(const ConfigFlags& flags, const Command& command, const Console& console) {
  const LoadedConfig loaded = flags.load(command);
  for (const std::string& warning : loaded.warnings) console.note("penstock: warning: " + warning);
  for (const std::string& error : loaded.errors) console.fail(error);
  return loaded.ok() ? serve(loaded.config) : static_cast<int>(kExitUsage);
}

void add_serve_command(Command& root, const Console& console) {
  Command command = root.sub("serve", "run the gateway");
  const auto flags = std::make_shared<ConfigFlags>();
  flags->add_to(command);
  command.action([flags, command, &console] { return run_serve(*flags, command, console); });
  command.examples(
      {"penstock serve --data /var/lib/penstock",
       "penstock serve --config /etc/penstock.yaml --behind-proxy --listen 0.0.0.0:8080"});
}

}  // namespace penstock::gateway
