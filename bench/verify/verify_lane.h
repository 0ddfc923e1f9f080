// One connection of the verifier: keeps some questions under way, matches answers in their order.
// Lifecycle and thread as the verifier's.
#pragma once

#include <deque>
#include <string>

#include "bench/http/connection.h"
#include "bench/http/response_parser.h"
#include "bench/verify/verifier.h"

namespace penstock::bench {

class VerifyLane final : public Connection::Handler {
 public:
  VerifyLane(Verifier& owner, Dialer& dialer) : owner_(owner), connection_(dialer, *this) {}

  /// Opens a closed connection, or asks more on an open one.
  void poke();
  void on_open() override { ask(); }
  void on_bytes(std::string_view bytes) override;
  void on_closed(const Status& why) override { down(why); }

 private:
  void ask();
  void down(const Status& why);

  Verifier& owner_;
  Connection connection_;
  ResponseParser parser_;
  std::deque<uint64_t> asked_;
  bool opening_ = false;
  std::string out_;
};

}  // namespace penstock::bench
