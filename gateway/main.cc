#include "gateway/cli/commands.h"

#ifdef PENSTOCK_JEMALLOC
// What a flushed memtable gives back the next one takes: kept for half a minute, so that a gateway
// under load does not have the kernel map and clear the same pages again and again.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "dirty_decay_ms:30000";
}
#endif

int main(int argc, char** argv) {
  return penstock::gateway::run_cli(argc, argv);
}
