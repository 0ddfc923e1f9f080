#include "gateway/cli/commands.h"

int main(int argc, char** argv) {
  return penstock::gateway::run_cli(argc, argv);
}
