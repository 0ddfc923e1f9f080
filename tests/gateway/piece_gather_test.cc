#include "gateway/workers/piece_gather.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

class Gathering {
 public:
  std::vector<std::string> kept;
  PieceGather gather{[this](Id, uint64_t, records::StreamPiece piece) {
                       kept.push_back(piece.type() + ":" + piece.data());
                     },
                     [](Id) { return PieceGather::Rules{10, 20}; }};

  void say(uint64_t now_ms, std::string data, uint64_t fence = 1, std::string type = "delta") {
    records::StreamPiece piece;
    piece.set_type(std::move(type));
    piece.set_data(std::move(data));
    gather.add(1, Id(), fence, std::move(piece), now_ms);
  }
};

using Kept = std::vector<std::string>;

TEST_CASE("the first piece goes at once, what follows soon goes together") {
  Gathering g;
  g.say(100, "a");
  CHECK(g.kept == Kept{"delta:a"});
  g.say(105, "b");
  g.say(110, "c");
  CHECK(g.gather.turn(119) == 120);
  CHECK(g.kept.size() == 1);
  CHECK(g.gather.turn(120) == UINT64_MAX);
  CHECK(g.kept == Kept{"delta:a", "delta:bc"});
  g.say(200, "d");
  CHECK(g.kept.back() == "delta:d");
}

TEST_CASE("enough text does not wait, other pieces keep the order") {
  Gathering g;
  g.say(100, "a");
  g.say(101, "0123456789");
  CHECK(g.kept.back() == "delta:0123456789");
  g.say(102, "b");
  g.say(103, "{}", 1, "status");
  CHECK(g.kept == Kept{"delta:a", "delta:0123456789", "delta:b", "status:{}"});
}

TEST_CASE("what is gathered is kept before the run goes on, and not once its worker lost it") {
  Gathering g;
  g.say(100, "a");
  g.say(101, "b");
  g.gather.flush(Id(), 102);
  CHECK(g.kept.back() == "delta:b");
  g.say(103, "lost");
  g.gather.forget_worker(1);
  CHECK(g.gather.turn(500) == UINT64_MAX);
  g.say(501, "c", 2);
  CHECK(g.kept == Kept{"delta:a", "delta:b", "delta:c"});
}

TEST_CASE("another attempt does not add to what the last one gathered") {
  Gathering g;
  g.say(100, "a");
  g.say(101, "stale");
  g.say(102, "new", 2);
  CHECK(g.kept == Kept{"delta:a", "delta:new"});
}

}  // namespace
}  // namespace penstock::gateway
