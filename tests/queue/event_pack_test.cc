#include "queue/event_pack.h"

#include <doctest/doctest.h>
#include <zstd.h>

#include "proto/crc32c.h"
#include "queue/bytes.h"
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

std::string noise(size_t bytes) {
  std::string out(bytes, '\0');
  uint32_t x = 1;
  for (char& byte : out) byte = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}

TEST_CASE("events that are alike are stored small, together; what does not shrink is stored raw") {
  EventPacker packer;
  std::vector<EventPtr> alike;
  const std::string each = noise(500);  // by itself it does not shrink
  for (uint64_t i = 1; i <= 50; i++) alike.push_back(make_event(id_at(i), each));
  CHECK(packer.pack(alike).size() < 5000);
  const std::vector<EventPtr> uneven{make_event(id_at(1), noise(8000))};
  const std::string bytes = packer.pack(uneven);
  CHECK(bytes.size() > 8000);
  const auto event = EventPack::open(id_at(1).raw(), bytes)->event(0);
  CHECK((*event)->body.view() == noise(8000));
}

TEST_CASE("after a pack that would not shrink some are not tried, then it is tried again") {
  EventPacker packer;
  const std::vector<EventPtr> even{make_event(id_at(1), std::string(8000, 'a'))};
  packer.pack(std::vector<EventPtr>{make_event(id_at(1), noise(8000))});
  size_t raw = 0;
  while (packer.pack(even).size() > 8000) raw++;
  CHECK(raw == 31);
  CHECK(packer.pack(even).size() < 300);
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

/// True when the bytes give exactly these events: zstd frames have bits that say nothing.
bool whole(const std::vector<EventPtr>& events, std::string_view bytes) {
  const auto pack = EventPack::open(events[0]->id.raw(), bytes);
  if (!pack || pack->count() != events.size()) return false;
  for (size_t i = 0; i < events.size(); i++) {
    const auto event = pack->event(i);
    if (!event || (*event)->meta != events[i]->meta ||
        (*event)->body.view() != events[i]->body.view())
      return false;
  }
  return true;
}

TEST_CASE("every flipped bit in a pack is noticed, or changes nothing") {
  size_t harmless = 0;
  const auto events = three();
  const std::string bytes = EventPacker().pack(events);
  for (size_t bit = 0; bit < bytes.size() * 8; bit++) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    const bool caught = noticed(events[0]->id, damaged);
    CHECK((caught || whole(events, damaged)));
    harmless += !caught;
  }
  CHECK(harmless < 8);
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
  bytes[14 + 25 + 3] = '\x7f';  // raw length near 2 GB; the checksums no longer hold either
  CHECK(noticed(one[0]->id, bytes));
}

TEST_CASE("a pack of version 1, whose bodies are packed one by one, is still read") {
  // Spelled out as that version wrote it: two events, {} and a sample of 2,100 times "a".
  std::vector<EventPtr> events{make_event(id_at(1), "{}"),
                               make_event(id_at(2), std::string(2100, 'a'), true)};
  std::string frame(200, '\0');
  const std::string_view body = events[1]->body.view();
  frame.resize(ZSTD_compress(frame.data(), frame.size(), body.data(), body.size(), 1));
  std::string table, payloads;
  for (const EventPtr& event : events) {
    const std::string stored = event->captured ? frame : std::string(event->body.view());
    std::string entry(event->id.raw());
    entry += event->captured ? '\3' : '\0';
    char number[4];
    for (const size_t size : {event->meta.size(), stored.size(), event->body.size()}) {
      put_u32(number, static_cast<uint32_t>(size));
      entry.append(number, 4);
    }
    put_u32(number, crc32c(event->meta + stored, crc32c(entry)));
    table += entry.append(number, 4);
    payloads += event->meta + stored;
  }
  const std::string counted = std::string("\2\0\0\0", 4) + table;
  char crc[4];
  put_u32(crc, crc32c(counted));
  const std::string bytes = '\1' + std::string(crc, 4) + counted + payloads;
  CHECK(whole(events, bytes));
  CHECK(noticed(events[0]->id, std::string_view(bytes).substr(0, bytes.size() - 1)));
}

}  // namespace
}  // namespace penstock::queue
