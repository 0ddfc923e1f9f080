// penstock serve: reads the configuration and hands the process to the gateway.
#include "gateway/app/serve.h"

#include "gateway/cli/commands.h"
#include "gateway/cli/config_flags.h"

namespace penstock::gateway {

static int run_serve(const ConfigFlags& flags, const Command& command, const Console& console) {
  const LoadedConfig loaded = flags.load(command);
  for (const std::string& error : loaded.errors) console.fail(error);
  if (!loaded.ok()) return kExitUsage;
  Logger log(log_options(loaded.config.log_level, loaded.config.log_format));
  for (const std::string& warning : loaded.warnings) log.warn(warning);
  return serve(loaded.config, log);
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
