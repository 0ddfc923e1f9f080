#include <doctest/doctest.h>

#include "gateway/verify/encoding.h"

namespace penstock::verify {
namespace {

TEST_CASE("what is encoded is decoded to the same bytes") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    for (const Encoding e : {Encoding::kHex, Encoding::kBase64, Encoding::kBase64Url})
      CHECK(decode(e, encode(e, bytes)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST_CASE("the examples of RFC 4648 are met") {
  CHECK(encode(Encoding::kBase64, "foob") == "Zm9vYg==");
  CHECK(encode(Encoding::kBase64, "fooba") == "Zm9vYmE=");
  CHECK(encode(Encoding::kBase64Url, "\xfb\xff") == "-_8");
  CHECK(encode(Encoding::kHex, "foobar") == "666f6f626172");
}

TEST_CASE("a signature has one spelling only") {
  for (const auto text : {"Zm9vYh==", "Zm9vYg", "Zm9vYg=", "Zm9v=Yg=", "Zm9vYg==\n",
                          " Zm9vYg==", "Zm9v_g==", "Zm9vYg===", "====", "Z"}) {
    CAPTURE(text);
    CHECK(!decode(Encoding::kBase64, text));
  }
  for (const auto text : {"a", "0g", "0x12", "12 "}) {
    CAPTURE(text);
    CHECK(!decode(Encoding::kHex, text));
  }
  CHECK(decode(Encoding::kHex, "aBCd") == "\xab\xcd");
}

TEST_CASE("secrets are read in either alphabet, padded or not") {
  CHECK(decode_base64_loosely("-_8") == "\xfb\xff");
  CHECK(decode_base64_loosely("+/8") == "\xfb\xff");
  CHECK(decode_base64_loosely("+/8=") == "\xfb\xff");
  CHECK(!decode_base64_loosely("+_8="));
}

TEST_CASE("bytes are the same only when all of them are") {
  CHECK(same_bytes("", ""));
  CHECK(same_bytes("abc", "abc"));
  CHECK(!same_bytes("abc", "abd"));
  CHECK(!same_bytes("abc", "ab"));
}

}  // namespace
}  // namespace penstock::verify
