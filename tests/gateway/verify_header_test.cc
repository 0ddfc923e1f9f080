#include <doctest/doctest.h>

#include "gateway/verify/signature_header.h"
#include "proto/limits.h"
#include "tests/gateway/verify_request.h"

namespace penstock::verify {
namespace {

const Scheme stripe = {.layout = Layout::kPairs, .mark = "v1", .time_mark = "t"};
const Scheme standard = {.layout = Layout::kVersioned, .mark = "v1"};
const Scheme github = {.layout = Layout::kPrefixed, .mark = "sha256="};

Reason reason_of(const Scheme& scheme, std::string_view value) {
  SignatureHeader out;
  const auto refused = read_signature_header(scheme, "the-header", value, out);
  return refused ? refused->reason : Reason::kValid;
}

TEST_CASE("pairs give their time and every signature of the wanted version") {
  SignatureHeader out;
  CHECK(!read_signature_header(stripe, "h", "t=12, v1=aa,v0=bb,v1=cc", out));
  CHECK(out.timestamp == "12");
  CHECK(out.signatures == std::vector<std::string_view>{"aa", "cc"});
}

TEST_CASE("versioned lists pass over the versions they do not want") {
  SignatureHeader out;
  CHECK(!read_signature_header(standard, "h", "v1a,xx v1,yy v2,zz v1,ww", out));
  CHECK(out.signatures == std::vector<std::string_view>{"yy", "ww"});
}

TEST_CASE("what is not of the form is malformed, and another version is said to be one") {
  CHECK(reason_of(stripe, "v1=aa") == Reason::kMalformedHeader);
  CHECK(reason_of(stripe, "t=1") == Reason::kMalformedHeader);
  CHECK(reason_of(stripe, "t=1,v0=aa") == Reason::kUnsupportedVersion);
  CHECK(reason_of(stripe, "t=1,t=2,v1=aa") == Reason::kMalformedHeader);
  CHECK(reason_of(stripe, "nonsense") == Reason::kMalformedHeader);
  CHECK(reason_of(standard, "v2,aa") == Reason::kUnsupportedVersion);
  CHECK(reason_of(standard, "aa") == Reason::kMalformedHeader);
  CHECK(reason_of(github, "sha1=abcd") == Reason::kUnsupportedVersion);
  CHECK(reason_of(github, "abcd") == Reason::kMalformedHeader);
  CHECK(reason_of(github, "  ") == Reason::kMissingHeader);
}

TEST_CASE("a header of too many signatures or bytes is refused") {
  std::string many;
  for (size_t i = 0; i <= limits::signatures_max; ++i) many += "v1,aaaa ";
  CHECK(reason_of(standard, many) == Reason::kMalformedHeader);
  CHECK(reason_of(github, "sha256=" + std::string(limits::signature_header_bytes_max, 'a')) ==
        Reason::kMalformedHeader);
}

}  // namespace
}  // namespace penstock::verify
