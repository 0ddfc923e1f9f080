#include "gateway/app/single_flights.h"

namespace penstock::gateway {

std::vector<queue::Cookie> SingleFlights::accepted(queue::Cookie cookie, Id run) {
  auto first = first_.extract(cookie);
  if (first.empty()) return {};
  Flight& flight = flights_[first.mapped()];
  flight.run = run;
  by_run_[run] = first.mapped();
  return std::exchange(flight.waiting, {});
}

void SingleFlights::ended(Id run) {
  auto key = by_run_.extract(run);
  if (!key.empty()) flights_.erase(key.mapped());
}

}  // namespace penstock::gateway
