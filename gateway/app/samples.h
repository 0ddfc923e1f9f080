// The events by which a trigger's mapping is judged: its captured samples, newest first; of a
// trigger that has none its newest events of any kind.
//
// Loop thread; the reading is done on the queue's reader thread. Limitations: of very large bodies
// fewer are read (limits::sample_bytes_max together), and no further back than
// limits::sample_scan_max events.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app/context.h"

namespace penstock::gateway {

struct Sample {
  Id id;
  records::EventMeta meta;
  std::string body;
};

class Samples {
 public:
  using List = std::vector<Sample>;
  using Then = std::function<void(Result<List>)>;

  explicit Samples(Context& context) : context_(context) {}

  void read(const records::TriggerDefinition& trigger, Then then);
  /// One event of whatever trigger. Fault kNotFound: there is none of this id.
  void read_one(Id id, Then then);

 private:
  struct Job {
    queue::ListQuery query;
    uint32_t wanted = 0, pages = 0;
    std::vector<Id> ids;
    size_t bytes = 0;
    List samples;
    Then then;
  };
  using JobPtr = std::shared_ptr<Job>;

  void list(const JobPtr& job);
  void listed(const JobPtr& job, queue::ReadDone& done);
  void read_next(const JobPtr& job);
  void read_done(const JobPtr& job, Id id, queue::ReadDone& done);

  Context& context_;
};

/// How many samples of this trigger are shown.
uint32_t samples_wanted(const records::TriggerDefinition& trigger);

}  // namespace penstock::gateway
