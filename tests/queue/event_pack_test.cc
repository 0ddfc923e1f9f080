#include "queue/event_pack.h"

#include <doctest/doctest.h>

#include "samples.h"

namespace penstock::queue {
namespace {

std::vector<EventPtr> three() {
  return {make_event(id_at(1), "{}"), make_event(id_at(2), std::string(9000, 'a'), true),
          make_event(id_at(3), "")};
}

TEST_CASE("events come out of a pack as they went in") {
  const auto events = three();
  const std::string bytes = EventPacker().pack(events);
  const auto pack = EventPack::open(events[0]->id.raw(), bytes);
  REQUIRE(pack.ok());
  REQUIRE(pack->count() == 3);
  for (size_t i = 0; i < 3; i++) {
    const auto event = pack->event(i);
    REQUIRE(event.ok());
    CHECK((*event)->id == events[i]->id);
    CHECK((*event)->meta == events[i]->meta);
    CHECK((*event)->body.view() == events[i]->body.view());
    CHECK((*event)->captured == events[i]->captured);
    CHECK(pack->body_bytes(i) == events[i]->body.size());
  }
}

TEST_CASE("a large body that shrinks is stored small, one that does not is stored raw") {
  std::string noise(8000, '\0');
  uint32_t x = 1;
  for (char& byte : noise) byte = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  EventPacker packer;
  const std::vector<EventPtr> even{make_event(id_at(1), std::string(8000, 'a'))};
  const std::vector<EventPtr> uneven{make_event(id_at(1), noise)};
  CHECK(packer.pack(even).size() < 200);
  const std::string bytes = packer.pack(uneven);
  CHECK(bytes.size() > 8000);
  const auto event = EventPack::open(id_at(1).raw(), bytes)->event(0);
  CHECK((*event)->body.view() == noise);
}

TEST_CASE("an id is found by halving, and one that is not there is not") {
  const auto events = three();
  const std::string bytes = EventPacker().pack(events);
  const auto pack = EventPack::open(events[0]->id.raw(), bytes);
  REQUIRE(pack.ok());
  CHECK(pack->find(id_at(2)) == 1);
  CHECK(!pack->find(id_at(2, 5)));
  CHECK(!pack->find(id_at(9)));
  CHECK(pack->lower_bound(id_at(2, 5)) == 2);
}

/// True when reading everything says that the bytes are damaged.
bool noticed(Id key, std::string_view bytes) {
  const auto pack = EventPack::open(key.raw(), bytes);
  if (!pack) return pack.status().fault() == Fault::kCorrupt;
  for (size_t i = 0; i < pack->count(); i++)
    if (const auto event = pack->event(i); !event) return true;
  return false;
}

TEST_CASE("every flipped bit in a pack is noticed") {
  const auto events = three();
  const std::string bytes = EventPacker().pack(events);
  for (size_t bit = 0; bit < bytes.size() * 8; bit++) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    CHECK(noticed(events[0]->id, damaged));
  }
}

TEST_CASE("a pack cut short or grown at any byte is noticed") {
  const auto events = three();
  const std::string bytes = EventPacker().pack(events);
  for (size_t size = 0; size < bytes.size(); size++) {
    CAPTURE(size);
    CHECK(noticed(events[0]->id, std::string_view(bytes).substr(0, size)));
  }
  CHECK(noticed(events[0]->id, bytes + "x"));
}

TEST_CASE("a pack under another key is noticed") {
  const auto events = three();
  CHECK(noticed(id_at(7), EventPacker().pack(events)));
}

TEST_CASE("a length that lies about the unpacked size allocates nothing") {
  const std::vector<EventPtr> one{make_event(id_at(1), std::string(9000, 'a'))};
  std::string bytes = EventPacker().pack(one);
  bytes[9 + 25 + 3] = '\x7f';  // raw length near 2 GB; the checksums no longer hold either
  CHECK(noticed(one[0]->id, bytes));
}

}  // namespace
}  // namespace penstock::queue
