#include "queue/record.h"

#include <doctest/doctest.h>

#include "samples.h"

namespace penstock::queue {
namespace {

TEST_CASE("every flipped bit in a stored record is noticed") {
  const std::string key(id_at(1).raw());
  const std::string value = seal(Family::kResults, key, *make_result(5));
  for (size_t bit = 0; bit < value.size() * 8; bit++) {
    std::string damaged = value;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    records::ResultRecord record;
    CAPTURE(bit);
    CHECK(unseal(Family::kResults, key, damaged, record).fault() == Fault::kCorrupt);
  }
}

TEST_CASE("a record under another key or in another family is noticed") {
  const std::string value = seal(Family::kResults, "one", "payload");
  CHECK(unseal(Family::kResults, "one", value).ok());
  CHECK(!unseal(Family::kResults, "two", value).ok());
  CHECK(!unseal(Family::kLive, "one", value).ok());
}

TEST_CASE("a record of version 1 reads as it was written then") {
  // Bytes of a definition "ab" under the key "k", as version 1 has always written them.
  const std::string value = seal(Family::kDefinitions, "k", "ab");
  CHECK(value[0] == 1);
  CHECK(value.size() == 7);
  CHECK(*unseal(Family::kDefinitions, "k", std::string("\x01\x4d\x59\x99\x3c" "ab", 7)) == "ab");
}

TEST_CASE("journal keys sort as their sequences do") {
  CHECK(journal_key(id_at(1), 255) < journal_key(id_at(1), 256));
  CHECK(journal_key(id_at(1), 0xffffffff) < journal_key(id_at(2), 0));
}

TEST_CASE("a fault names the record") {
  CHECK(record_name(Family::kResults, id_at(1).raw()) == "result of " + id_at(1).text());
  CHECK(record_name(Family::kMeta, position_key) == "the queue's position");
}

}  // namespace
}  // namespace penstock::queue
