#include "proto/frame.h"

#include <doctest/doctest.h>

#include "proto/crc32c.h"
#include "proto/worker.pb.h"

namespace penstock {
namespace {

TEST_CASE("frames come out whole however the stream was cut") {
  worker::Frame frame;
  frame.mutable_hello()->set_name("one");
  std::string wire;
  append_frame(frame, wire);
  append_frame(frame, wire);
  FrameReader reader;
  int frames = 0;
  for (const char byte : wire) {
    reader.feed(std::string_view(&byte, 1));
    for (;;) {
      auto next = reader.next();
      REQUIRE(next.ok());
      if (!*next) break;
      worker::Frame read;
      REQUIRE(read.ParseFromArray((*next)->data(), static_cast<int>((*next)->size())));
      CHECK(read.hello().name() == "one");
      frames++;
    }
  }
  CHECK(frames == 2);
}

TEST_CASE("a length beyond the bound is a fault, not an allocation") {
  FrameReader reader;
  reader.feed(std::string_view("\xff\xff\xff\xff", 4));
  CHECK(reader.next().status().fault() == Fault::kCorrupt);
}

TEST_CASE("crc32c gives the RFC 3720 check values") {
  CHECK(crc32c("123456789") == 0xe3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);
  CHECK(crc32c("6789", crc32c("12345")) == crc32c("123456789"));
}

}  // namespace
}  // namespace penstock
