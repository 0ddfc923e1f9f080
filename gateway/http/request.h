// The parts of a request whose rest has not come. Exists only meanwhile, so an idle connection
// has none.
#pragma once

#include <optional>
#include <string>

#include "gateway/http/chunk_reader.h"
#include "gateway/http/connection.h"
#include "gateway/http/head_check.h"

namespace penstock::gateway {

struct Connection::Request {
  /// Whether more has come than the empty line that old clients send behind a body.
  bool begun() const { return head_bytes != "\r\n" && head_bytes != "\r"; }

  HeadCheck check;
  std::string head_bytes;
  RequestHead head;  ///< views into head_bytes, once that is whole
  Body body;
  uint64_t body_left = 0;  ///< of a body of known length
  std::optional<ChunkReader> chunks;
  uint64_t window_bytes = 0;  ///< of the body, since its deadline was set
};

}  // namespace penstock::gateway
