// Connections that have asked once and then say nothing: what a keep-alive crowd costs a server.
//
// Lifecycle: made, gather() until all have their first answer, hold(). Loop thread; blocks.
#pragma once

#include <memory>
#include <vector>

#include "bench/http/dialer.h"

namespace penstock::bench {

class IdleConnection;

class IdleCrowd {
 public:
  /// `request`: the bytes of the one request each sends.
  IdleCrowd(Dialer& dialer, size_t connections, std::string request);
  ~IdleCrowd();

  /// Opens them all; fault: not all got their answer within `ms`.
  Status gather(uint64_t ms);
  /// Lets `ms` pass.
  void hold(uint64_t ms);
  /// How many are still open.
  size_t open() const;

 private:
  friend class IdleConnection;

  Dialer& dialer_;
  std::string request_;
  std::vector<std::unique_ptr<IdleConnection>> connections_;
  uv_timer_t* timer_;
  size_t ready_ = 0;
  size_t failed_ = 0;
  Status last_;
};

}  // namespace penstock::bench
