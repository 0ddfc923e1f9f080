#include "gateway/http/chunk_reader.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

TEST_CASE("chunks come out joined however they are cut") {
  const std::string wire = "3;a=\"b\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET";
  for (size_t cut = 0; cut + 3 < wire.size(); cut++) {
    ChunkReader reader(100);
    Body body;
    std::string_view first = std::string_view(wire).substr(0, cut);
    std::string_view second = std::string_view(wire).substr(cut);
    CHECK_FALSE(reader.feed(first, body));
    CHECK_FALSE(reader.feed(second, body));
    CHECK(reader.done());
    CHECK(body.view() == "abc0123456789");
    CHECK(second == "GET");  // of the next request
  }
}

TEST_CASE("a chunk beyond the limit is refused at its size, before its data") {
  ChunkReader reader(10);
  Body body;
  std::string_view in = "6\r\nabcdef\r\n5\r\n";
  const Check wrong = reader.feed(in, body);
  REQUIRE(wrong);
  CHECK(wrong->code == Code::kPayloadTooLarge);
  CHECK(body.size() == 6);
}

TEST_CASE("chunks that fill the limit exactly pass") {
  ChunkReader reader(10);
  Body body;
  std::string_view in = "6\r\nabcdef\r\n4\r\nghij\r\n0\r\n\r\n";
  CHECK_FALSE(reader.feed(in, body));
  CHECK(reader.done());
  CHECK(body.size() == 10);
}

TEST_CASE("the largest size there is does not overflow the limit") {
  ChunkReader reader(UINT64_MAX);
  Body body;
  std::string_view in = "1\r\nx\r\nffffffffffffffff\r\n";
  CHECK(reader.feed(in, body));
}

}  // namespace
}  // namespace penstock::gateway
