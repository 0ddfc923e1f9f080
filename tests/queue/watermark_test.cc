#include "queue/watermark.h"

#include <doctest/doctest.h>

#include <fstream>

#include "scratch.h"

namespace penstock::queue {
namespace {

void overwrite(const std::string& path, std::streamoff at, std::string_view bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

struct Marked {
  Marked() {
    auto mark = Watermark::open(path);
    REQUIRE(mark.ok());
    CHECK(mark->is_new());
    for (uint64_t sequence = 1; sequence <= 9; sequence++) REQUIRE(mark->set(sequence).ok());
    REQUIRE(mark->sync().ok());
  }
  Scratch scratch;
  std::string path = scratch.path() + "/watermark";
};

TEST_CASE("the newest sequence is read back") {
  Marked marked;
  const auto mark = Watermark::open(marked.path);
  REQUIRE(mark.ok());
  CHECK(!mark->is_new());
  CHECK(mark->sequence() == 9);
}

TEST_CASE("a torn slot leaves the one before it") {
  Marked marked;
  overwrite(marked.path, 512 + 6, "torn");  // 9 is odd: the second slot
  CHECK(Watermark::open(marked.path)->sequence() == 8);
}

TEST_CASE("two damaged slots are a fault, not a zero") {
  Marked marked;
  overwrite(marked.path, 6, "torn");
  overwrite(marked.path, 512 + 6, "torn");
  CHECK(Watermark::open(marked.path).status().fault() == Fault::kCorrupt);
}

}  // namespace
}  // namespace penstock::queue
