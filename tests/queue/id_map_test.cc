#include "queue/id_map.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace penstock::queue {
namespace {

/// Few hashes, so that all collide.
Id crowded(uint64_t n) {
  Id id;
  id.bytes[0] = static_cast<uint8_t>(n + 1);
  id.bytes[9] = static_cast<uint8_t>(n % 5);
  return id;
}

TEST_CASE("an id map does what a sorted map does, also when all keys collide") {
  std::mt19937 random(3);
  IdMap<int> map;
  std::map<Id, int> oracle;
  for (int step = 0; step < 200'000; step++) {
    const Id id = crowded(random() % 200);
    if (random() % 2) {
      CHECK(map.insert(id, step) == oracle.emplace(id, step).second);
    } else {
      map.erase(id);
      oracle.erase(id);
    }
    const Id probe = crowded(random() % 200);
    const auto expected = oracle.find(probe);
    const int* found = map.find(probe);
    REQUIRE((found != nullptr) == (expected != oracle.end()));
    if (found) REQUIRE(*found == expected->second);
    REQUIRE(map.size() == oracle.size());
  }
}

}  // namespace
}  // namespace penstock::queue
