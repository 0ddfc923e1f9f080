#include "bench/cli/commands.h"

int main(int argc, char** argv) {
  return penstock::bench::run_bench(argc, argv);
}
