// penstock backup …: named in the public contract, part of a later step.
#include "gateway/cli/commands.h"

namespace penstock::gateway {

void add_backup_commands(Command& root, const Console& console) {
  Command backup =
      root.sub("backup", "not in this build yet: stop the gateway and copy the data folder");
  backup.action([&console] {
    console.fail(
        "backup is not in this build yet: stop the gateway and copy the data folder as a whole");
    return static_cast<int>(kExitFailed);
  });
}

}  // namespace penstock::gateway
