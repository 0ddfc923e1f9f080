#include <doctest/doctest.h>

#include "gateway/verify/address_rules.h"
#include "gateway/verify/basic_auth.h"

namespace penstock::verify {
namespace {

AddressRules rules(const std::vector<std::string>& texts) {
  Result<AddressRules> made = AddressRules::parse(texts);
  REQUIRE_MESSAGE(made.ok(), made.status().message());
  return std::move(*made);
}

bool contains(const std::vector<std::string>& texts, std::string_view address) {
  const auto parsed = Address::parse(address);
  REQUIRE(parsed);
  return rules(texts).contain(*parsed);
}

std::optional<Address> client(std::string_view peer, std::vector<std::string_view> forwarded,
                              const TrustedProxies& proxies) {
  return client_address(peer, forwarded, proxies);
}

TEST_CASE("addresses are inside their ranges to the bit") {
  CHECK(contains({"192.0.2.0/24"}, "192.0.2.255"));
  CHECK(!contains({"192.0.2.0/24"}, "192.0.3.0"));
  CHECK(contains({"10.0.0.0/9"}, "10.127.255.255"));
  CHECK(!contains({"10.0.0.0/9"}, "10.128.0.0"));
  CHECK(contains({"192.0.2.7"}, "192.0.2.7"));
  CHECK(contains({"0.0.0.0/0"}, "1.2.3.4"));
  CHECK(contains({"2001:db8::/33"}, "2001:db8:7fff::1"));
  CHECK(!contains({"2001:db8::/33"}, "2001:db8:8000::1"));
}

TEST_CASE("the two families do not match each other, but for mapped addresses") {
  CHECK(!contains({"0.0.0.0/0"}, "2001:db8::1"));
  CHECK(!contains({"::/0"}, "1.2.3.4"));
  CHECK(contains({"192.0.2.0/24"}, "::ffff:192.0.2.9"));
  CHECK(contains({"::ffff:192.0.2.9"}, "192.0.2.9"));
}

TEST_CASE("ports and brackets are taken off, nonsense is no address") {
  CHECK(Address::parse("1.2.3.4:80") == Address::parse("1.2.3.4"));
  CHECK(Address::parse("[::1]:80") == Address::parse("::1"));
  for (const auto text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4:", "1.2.3.4:x", "[::1",
                          "::g", "1.2.3.4 ", "localhost", "1.2.3.4:99999"}) {
    CAPTURE(text);
    CHECK(!Address::parse(text));
  }
}

TEST_CASE("rules that cannot be meant are refused") {
  for (const std::string text :
       {"192.0.2.1/24", "10.0.0.0/33", "10.0.0.0/", "::/129", "x", "", "10.0.0.0/-1"}) {
    CAPTURE(text);
    const std::vector<std::string> one = {text};
    CHECK(!AddressRules::parse(one).ok());
  }
}

TEST_CASE("only proxies that are trusted say who the client is") {
  const TrustedProxies near = {.addresses = rules({"10.0.0.0/8"})};
  CHECK(client("192.0.2.1", {"6.6.6.6"}, near) == Address::parse("192.0.2.1"));
  CHECK(client("10.0.0.1", {"192.0.2.1"}, near) == Address::parse("192.0.2.1"));
  CHECK(client("10.0.0.1", {"6.6.6.6, 192.0.2.1, 10.0.0.2"}, near) == Address::parse("192.0.2.1"));
  CHECK(client("10.0.0.1", {"6.6.6.6", "192.0.2.1"}, near) == Address::parse("192.0.2.1"));
  CHECK(client("10.0.0.1", {}, near) == Address::parse("10.0.0.1"));
  CHECK(!client("10.0.0.1", {"unknown"}, near));
}

TEST_CASE("a number of hops counts from the nearest") {
  const TrustedProxies two = {.hops = 2};
  CHECK(client("198.51.100.1", {"6.6.6.6, 192.0.2.1, 203.0.113.5"}, two) ==
        Address::parse("192.0.2.1"));
  CHECK(client("198.51.100.1", {"192.0.2.1"}, two) == Address::parse("192.0.2.1"));
}

TEST_CASE("basic credentials are read whole, with colons in the password") {
  const auto read = parse_basic("basic dXNlcjpwYTpzcw==");
  REQUIRE(read);
  CHECK(read->user == "user");
  CHECK(read->password == "pa:ss");
  for (const auto text : {"", "Basic", "Basic ", "Bearer dXNlcjpwYXNz", "Basic dXNlcg==",
                          "Basic dXNlcjpwYXNz=", "Basicx dXNlcjpwYXNz", "Basic dXNlcjoKcA=="}) {
    CAPTURE(text);
    CHECK(!parse_basic(text));
  }
  CHECK(same_credentials({"a", "b"}, {"a", "b"}));
  CHECK(!same_credentials({"a", "b"}, {"a", "c"}));
  CHECK(!same_credentials({"ab", ""}, {"a", "b"}));
}

}  // namespace
}  // namespace penstock::verify
