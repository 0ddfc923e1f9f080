// What a load is: filled from the command line, read everywhere, never changed while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/http/url.h"
#include "bench/stats/process.h"
#include "proto/tls.h"

namespace penstock::bench {

/// How far each event is followed before it counts as done.
enum class Target : uint8_t {
  kAck,       ///< the answer to the POST
  kWait,      ///< the held reply; a 202 is followed to its result
  kPoll,      ///< ask for the result again and again
  kStream,    ///< read the run's events up to the end
  kEndToEnd,  ///< long-poll the result
};

/// --kill PID@SECONDS
struct Kill {
  int pid = 0;
  uint64_t at_ms = 0;  ///< after the measuring began
};

struct LoadOptions {
  Url url;
  TlsClientOptions tls;
  Target target = Target::kAck;
  std::string content_type = "application/json";
  std::vector<std::string> headers;  ///< "Name: value", may hold {{…}}
  std::string tag;

  size_t connections = 64;
  double rate = 0;       ///< events a second, planned ahead; 0: as fast as answers come
  bool poisson = false;  ///< random gaps instead of even ones
  uint64_t warmup_ms = 1'000;
  uint64_t duration_ms = 10'000;
  uint64_t requests_max = 0;     ///< 0: until the time is over
  uint64_t timeout_ms = 60'000;  ///< for one event, from its sending
  uint64_t grace_ms = 30'000;    ///< for what is under way when the time is over

  size_t batch = 1;           ///< events a request, as NDJSON
  double duplicates_pct = 0;  ///< of the requests, sent once more with the same key
  bool keys = false;          ///< an Idempotency-Key each
  bool resend = false;        ///< what got no answer is sent again with the same key
  bool echo = false;          ///< the reply must carry the sequence number that was sent
  uint32_t wait_s = 30;
  uint64_t poll_ms = 10;
  uint64_t seed = 1;
  std::vector<Kill> kills;
  std::vector<Watched> watched;
};

}  // namespace penstock::bench
