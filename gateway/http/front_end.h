// What all connections of one server share: limits, scratch buffers, the parser, the lists of whom
// to write to and whom to look at next. Owned by the server; loop thread only.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/http/deadlines.h"
#include "gateway/http/head_check.h"
#include "gateway/http/http_parser.h"
#include "gateway/http/response_writer.h"
#include "gateway/http/server.h"
#include "gateway/http/transport.h"

namespace penstock::gateway {

class Connection;

struct FrontEnd {
  FrontEnd(uv_loop_t* uv_loop, const ServerLimits& server_limits)
      : loop(uv_loop),
        limits(server_limits),
        head_limits{limits.head_bytes_max, limits.header_fields_max, limits.target_bytes_max},
        deadlines({0, limits.head_ms_max, limits.body_grace_ms, limits.keep_alive_ms_max,
                   limits.linger_ms_max, limits.write_stall_ms_max}) {}

  uint64_t now_ms() const { return uv_now(loop); }

  uv_loop_t* loop;
  ServerLimits limits;
  HeadLimits head_limits;
  Deadlines deadlines;
  HttpParser parser;
  RequestHead head;  ///< scratch: of the request being taken
  ResponseWriter writer;
  ServerMetrics metrics;
  ByteCounts bytes;
  std::unique_ptr<ReadBuffers> buffers = std::make_unique<ReadBuffers>();
  std::vector<Connection*> dirty;  ///< have output, or input that waits; see Connection::flush
  std::vector<uint32_t> closed;    ///< slots to free when no connection is on the stack
  size_t partial_bytes = 0;        ///< of half-received bodies, all connections
  std::string scratch;             ///< a response head under way
  bool draining = false;
  bool busy = false;  ///< a connection is at work: flushing waits
};

/// Marks the server as busy for a scope.
class Busy {
 public:
  explicit Busy(FrontEnd& front) : front_(front), before_(front.busy) { front_.busy = true; }
  ~Busy() { front_.busy = before_; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  FrontEnd& front_;
  bool before_;
};

}  // namespace penstock::gateway
