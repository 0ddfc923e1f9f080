#include "queue/reply_gate.h"

#include <doctest/doctest.h>

namespace penstock::queue {
namespace {

Action defined(Cookie cookie) { return Defined{cookie}; }

std::vector<Cookie> cookies(const std::vector<Action>& actions) {
  std::vector<Cookie> out;
  for (const Action& action : actions) out.push_back(std::get<Defined>(action).cookie);
  return out;
}

TEST_CASE("nothing leaves before its batch is durable, then all in order") {
  ReplyGate gate;
  gate.hold(1, defined(1));
  gate.hold(2, defined(2));
  gate.hold(1, defined(3));
  CHECK(gate.take().empty());
  gate.open(1);
  CHECK(cookies(gate.take()) == std::vector<Cookie>{1, 3});
  gate.open(2);
  CHECK(cookies(gate.take()) == std::vector<Cookie>{2});
}

TEST_CASE("what needs nothing new leaves at once") {
  ReplyGate gate;
  gate.open(4);
  gate.hold(0, defined(1));
  gate.hold(4, defined(2));
  CHECK(cookies(gate.take()) == std::vector<Cookie>{1, 2});
}

TEST_CASE("batches without actions are passed over") {
  ReplyGate gate;
  gate.hold(5, defined(5));
  gate.open(4);
  CHECK(gate.take().empty());
  gate.open(5);
  CHECK(gate.take().size() == 1);
}

TEST_CASE("a failed store lets nothing out any more") {
  ReplyGate gate;
  gate.hold(1, defined(1));
  gate.drop();
  gate.hold(1, defined(2));
  gate.open(1);
  CHECK(gate.take().empty());
}

}  // namespace
}  // namespace penstock::queue
