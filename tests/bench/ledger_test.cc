#include "bench/verify/ledger.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bench/verify/record_file.h"

using namespace penstock;
using namespace penstock::bench;

static Id id(uint8_t n) {
  Id out;
  out.bytes[15] = n;
  out.bytes[0] = 1;
  return out;
}

TEST_CASE("a ledger gives numbers out and keeps runs") {
  Ledger ledger;
  CHECK(ledger.take(1) == 1);
  CHECK(ledger.take(10) == 2);
  CHECK(ledger.take(1) == 12);
  ledger.put(2, id(1));
  CHECK(ledger.run(2) == id(1));
  CHECK(ledger.run(1).is_zero());
  CHECK(ledger.run(99'999'999).is_zero());
  CHECK(ledger.known() == 1);
  CHECK(ledger.issued() == 12);
}

TEST_CASE("a second run for one event is doubled, the same one again is not") {
  Ledger ledger;
  ledger.put(1, id(1));
  ledger.put(1, id(1));
  CHECK(ledger.doubled() == 0);
  ledger.put(1, id(2));
  CHECK(ledger.doubled() == 1);
  CHECK(ledger.run(1) == id(1));
}

TEST_CASE("one run for two events is shared") {
  Ledger ledger;
  ledger.put(1, id(1));
  ledger.put(2, id(2));
  CHECK(ledger.shared_runs() == 0);
  ledger.put(70'000, id(1));
  CHECK(ledger.shared_runs() == 1);
}

namespace {

struct RecordFixture {
  std::string path =
      (std::filesystem::temp_directory_path() / ("penstock-record-" + std::to_string(getpid())))
          .string();
  ~RecordFixture() { std::filesystem::remove(path); }
  void write(uint8_t count) {
    auto record = RecordFile::create(path);
    REQUIRE(record.ok());
    for (uint8_t n = 1; n <= count; n++) (*record)->put(n, id(n));
  }
  void overwrite(std::streamoff at, char byte) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file.put(byte);
  }
};

}  // namespace

TEST_CASE_FIXTURE(RecordFixture, "what was recorded is read back") {
  write(3);
  Ledger ledger;
  const auto count = RecordFile::read(path, ledger);
  REQUIRE(count.ok());
  CHECK(*count == 3);
  CHECK(ledger.run(3) == id(3));
}

TEST_CASE_FIXTURE(RecordFixture, "a torn tail is dropped") {
  write(3);
  std::filesystem::resize_file(path, 8 + 3 * 32 - 5);
  Ledger ledger;
  CHECK(*RecordFile::read(path, ledger) == 2);
}

TEST_CASE_FIXTURE(RecordFixture, "a flipped byte is an error, wherever it is") {
  write(3);
  for (const std::streamoff at : {8 + 32 + 1, 8 + 32 + 12, 8 + 32 + 25, 8 + 32 + 30}) {
    overwrite(at, '\x55');
    Ledger ledger;
    CHECK(RecordFile::read(path, ledger).status().fault() == Fault::kCorrupt);
    std::filesystem::remove(path);
    write(3);
  }
}

TEST_CASE_FIXTURE(RecordFixture, "a record is never overwritten") {
  write(1);
  CHECK_FALSE(RecordFile::create(path).ok());
}

TEST_CASE("another file is no record") {
  Ledger ledger;
  CHECK_FALSE(RecordFile::read("/proc/self/status", ledger).ok());
  CHECK_FALSE(RecordFile::read("/does/not/exist", ledger).ok());
}
