#include "gateway/config/units.h"

#include <doctest/doctest.h>

#include "gateway/config/address.h"
#include "proto/suggest.h"

using namespace penstock;
using namespace penstock::gateway;

TEST_CASE("durations are read with their unit") {
  CHECK(*parse_duration_ms("1500ms") == 1500);
  CHECK(*parse_duration_ms("30s") == 30'000);
  CHECK(*parse_duration_ms("7d") == 604'800'000);
  CHECK(*parse_duration_ms("0") == 0);
  CHECK(*parse_duration_ms("5", 1000) == 5000);
}

TEST_CASE("what is no duration is refused") {
  for (const char* text :
       {"", "s", "5", "-1s", "1.5s", "1 s", "30sec", "99999999999999999999s", "999999999999999d"}) {
    CHECK_MESSAGE(!parse_duration_ms(text).ok(), text);
  }
}

TEST_CASE("sizes are powers of 1024") {
  CHECK(*parse_bytes("4096") == 4096);
  CHECK(*parse_bytes("64K") == 65'536);
  CHECK(*parse_bytes("1MiB") == 1'048'576);
  CHECK(*parse_bytes("2GB") == 2'147'483'648);
  CHECK_FALSE(parse_bytes("1TiB").ok());
  CHECK_FALSE(parse_bytes("18446744073709551615KiB").ok());
}

TEST_CASE("what is shown reads back as the same") {
  for (const uint64_t value : {uint64_t{0}, uint64_t{1}, uint64_t{1000}, uint64_t{1536},
                               uint64_t{86'400'000}, uint64_t{1'048'576}, uint64_t{90'061'001}}) {
    CHECK(*parse_duration_ms(show_duration(value)) == value);
    CHECK(*parse_bytes(show_bytes(value)) == value);
  }
}

TEST_CASE("addresses are read in their three forms") {
  CHECK(Address::parse("127.0.0.1:80")->text() == "127.0.0.1:80");
  CHECK(Address::parse("[::1]:443")->host == "::1");
  CHECK(Address::parse("[::1]:443")->text() == "[::1]:443");
  CHECK(Address::parse(":8080")->host == "0.0.0.0");
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"", "80", "h:", "h:x", "h:65536", "h:-1", "::1:80", "h:80 "}) {
    CHECK_MESSAGE(!Address::parse(text).ok(), text);
  }
}

TEST_CASE("only this machine's own addresses are loopback") {
  for (const char* text : {"127.0.0.1:1", "127.255.0.9:1", "[::1]:1", "localhost:1"}) {
    CHECK_MESSAGE(Address::parse(text)->is_loopback(), text);
  }
  for (const char* text : {":1", "0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.0.0.1.example:1"}) {
    CHECK_MESSAGE(!Address::parse(text)->is_loopback(), text);
  }
}

TEST_CASE("the nearest word is found, a far one is not") {
  const std::string_view known[] = {"listen", "admin_listen", "log_level"};
  CHECK(nearest_word("lisen", known) == "listen");
  CHECK(nearest_word("LISTEN", known) == "listen");
  CHECK(nearest_word("log-levle", known) == "log_level");
  CHECK(nearest_word("executors", known).empty());
  CHECK(nearest_word("", known).empty());
  CHECK(nearest_word(std::string(10'000, 'x'), known).empty());
}
