// Golden requests, broken at random: whatever is sent, the server answers in whole answers, ends
// the connection where it must, and goes on serving others. The seed is printed and may be given by
// PENSTOCK_SEED; PENSTOCK_ROUNDS makes it longer.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/http/golden.h"
#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

size_t number_from(const char* variable, size_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

class Mutator {
 public:
  Mutator(std::vector<GoldenCase> cases, size_t seed) : cases_(std::move(cases)), random_(seed) {}

  size_t below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  std::string next() {
    std::string bytes = pick();
    for (size_t i = below(4); i > 0; i--) mutate(bytes);
    return bytes;
  }

 private:
  const std::string& pick() { return cases_[below(cases_.size())].bytes; }

  void mutate(std::string& bytes) {
    static constexpr std::string_view kOdd("\r\n\0 \t:;,0f\xff\x7f", 12);
    if (bytes.empty()) return;
    const size_t at = below(bytes.size());
    switch (below(6)) {
      case 0:
        bytes.insert(at, 1, kOdd[below(kOdd.size())]);
        break;
      case 1:
        bytes.erase(at, 1 + below(3));
        break;
      case 2:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 3:
        bytes = bytes.substr(0, at) + pick();
        break;
      case 4:
        bytes.insert(at, bytes.substr(at, below(30)));
        break;
      default:
        bytes += pick();
        break;
    }
  }

  std::vector<GoldenCase> cases_;
  std::mt19937_64 random_;
};

void send_in_pieces(Client& client, std::string_view bytes, Mutator& mutator) {
  while (!bytes.empty()) {
    const size_t size = 1 + mutator.below(bytes.size());
    client.send(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

/// Answers the exchanges at /hold… in a random order, some as streams.
void answer_held(World& world, Mutator& mutator) {
  while (!world.handler.held.empty()) {
    const size_t at = mutator.below(world.handler.held.size());
    const ExchangeId id = world.handler.held[at];
    world.handler.held.erase(world.handler.held.begin() + static_cast<long>(at));
    if (mutator.below(2) == 0) {
      world.server->respond(id, Response());
      continue;
    }
    world.server->stream_begin(id, Response());
    world.server->stream_write(id, "piece");
    world.server->stream_end(id);
  }
  world.turn();
}

TEST_CASE("requests broken at random get whole answers and leave the server whole") {
  const size_t seed = number_from("PENSTOCK_SEED", std::random_device()());
  const size_t rounds = number_from("PENSTOCK_ROUNDS", 3000);
  INFO("PENSTOCK_SEED=", seed);
  std::vector<GoldenCase> cases = read_golden("tests/http/golden");
  GoldenCase held;
  held.bytes =
      "GET /hold HTTP/1.1\r\nHost: a\r\n\r\nPOST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: "
      "1\r\n\r\nx";
  for (int i = 0; i < 60; i++) cases.push_back(held);
  Mutator mutator(std::move(cases), seed);
  World world;
  for (size_t round = 0; round < rounds; round++) {
    Client client(world);
    send_in_pieces(client, mutator.next(), mutator);
    if (mutator.below(4) == 0) client.end();
    answer_held(world, mutator);
    const std::string got = client.take();
    REQUIRE((got.empty() || got.starts_with("HTTP/1.1 ")));
    client.reset();
  }
  CHECK(world.turn_until([&world] { return world.server->metrics().connections_open == 0; }));
  Client last(world);
  last.send("GET /e HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(last.take().starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace penstock::gateway::test
