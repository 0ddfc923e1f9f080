#include <doctest/doctest.h>

#include "gateway/verify/encoding.h"
#include "gateway/verify/mac.h"

namespace penstock::verify {
namespace {

std::string hex(std::string_view bytes) {
  return encode(Encoding::kHex, bytes);
}

TEST_CASE("RFC 4231's second case is met, whole and in pieces, again and again") {
  const MacKey key(Hash::kSha256, "Jefe");
  const std::string expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const std::string_view pieces[] = {"what do ya want ", "", "for nothing?"};
  for (int i = 0; i < 3; ++i) {
    CHECK(hex(key.sign("what do ya want for nothing?")) == expected);
    CHECK(hex(key.sign(pieces)) == expected);
  }
}

TEST_CASE("every hash has its size, and its own digest") {
  for (const Hash hash : {Hash::kSha1, Hash::kSha256, Hash::kSha384, Hash::kSha512}) {
    const std::string_view text = "abc";
    CHECK(digest(hash, Pieces(&text, 1)).size() == hash_bytes(hash));
    CHECK(MacKey(hash, "k").sign(text).size() == hash_bytes(hash));
    CHECK(hash_named(hash_name(hash)) == hash);
  }
  const std::string_view text = "abc";
  CHECK(hex(digest(Hash::kSha1, Pieces(&text, 1))) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(!hash_named("md5"));
}

}  // namespace
}  // namespace penstock::verify
