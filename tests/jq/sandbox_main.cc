// Run as "tests-jq jq-sandbox" the test program becomes a sandbox's process, before anything else.
#include <cstdlib>
#include <cstring>

#include "executor/jq/sandbox/child.h"

namespace {

__attribute__((constructor)) void become_a_sandbox(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "jq-sandbox") == 0) {
    std::exit(penstock::jq::sandbox_child());
  }
}

}  // namespace
