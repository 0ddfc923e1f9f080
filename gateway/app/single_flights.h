// Requests alike that are under way at the same time, where their trigger lets them share one run:
// from the first one's acceptance to its run's end.
//
// Loop thread. Limitations: what is under way at a restart is not joined by later requests; beyond
// limits::single_flights_max every request has a run of its own.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "proto/id.h"
#include "proto/limits.h"
#include "queue/types.h"

namespace penstock::gateway {

class SingleFlights {
 public:
  /// The run under way, zero while its first request is not accepted yet; null: there is none.
  const Id* find(const std::string& key) const {
    const auto found = flights_.find(key);
    return found == flights_.end() ? nullptr : &found->second.run;
  }
  bool full() const { return flights_.size() >= limits::single_flights_max; }
  /// A first request, taken by the queue; its cookie says later what became of it.
  void begin(const std::string& key, queue::Cookie cookie) {
    flights_[key] = {};
    first_[cookie] = key;
  }
  /// Waits for the first request's run.
  void join(const std::string& key, queue::Cookie cookie) {
    flights_[key].waiting.push_back(cookie);
  }
  /// The first request of this cookie was accepted as `run`; those who joined meanwhile.
  std::vector<queue::Cookie> accepted(queue::Cookie cookie, Id run);
  void ended(Id run);
  bool idle() const { return flights_.empty(); }

 private:
  struct Flight { Id run; std::vector<queue::Cookie> waiting; };
  std::unordered_map<std::string, Flight> flights_;
  std::unordered_map<queue::Cookie, std::string> first_;
  std::unordered_map<Id, std::string> by_run_;
};

}  // namespace penstock::gateway
