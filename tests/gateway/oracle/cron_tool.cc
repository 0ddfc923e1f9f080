// Prints when a cron expression fires next, so that tests/oracle/cron.mjs can hold it against another
// implementation. A line in: milliseconds, a space, the expression. A line out: milliseconds, never
// or error.
#include <cstdio>
#include <iostream>
#include <string>

#include "gateway/app/cron.h"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    const auto cron = penstock::gateway::Cron::parse(line.substr(space + 1));
    const auto next =
        cron ? cron->next(std::stoull(line.substr(0, space))) : std::optional<uint64_t>();
    if (!cron) std::puts("error");
    else if (!next) std::puts("never");
    else std::printf("%llu\n", static_cast<unsigned long long>(*next));
  }
}
