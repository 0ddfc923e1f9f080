#include "bench/load/payload.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <set>

using namespace penstock::bench;

static std::string rendered(const std::string& text, uint64_t seq, uint64_t seed = 1) {
  const auto parsed = Template::parse(text);
  REQUIRE(parsed.ok());
  Random random(seed);
  std::string out;
  parsed->render(seq, random, out);
  return out;
}

TEST_CASE("places are filled in") {
  CHECK(rendered("a{{seq}}b{{ seq }}", 42) == "a42b42");
  CHECK(rendered("{{random 12}}", 1).size() == 12);
  const std::string uuid = rendered("{{uuid}}", 1);
  CHECK(uuid.size() == 36);
  CHECK(uuid[14] == '4');
  CHECK(uuid[8] == '-');
  CHECK(rendered("{{uuid}}", 1, 2) != uuid);
}

TEST_CASE("text without places is constant") {
  const auto parsed = Template::parse(R"({"a":{"b":{}}})");
  REQUIRE(parsed.ok());
  CHECK(parsed->constant());
  CHECK(rendered(R"({"a":{"b":{}}})", 1) == R"({"a":{"b":{}}})");
}

TEST_CASE("an unknown place is an error that names the near one") {
  const auto parsed = Template::parse("{{sek}}");
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.status().message().find("seq") != std::string::npos);
  CHECK_FALSE(Template::parse("{{random}}").ok());
  CHECK_FALSE(Template::parse("{{random -1}}").ok());
  CHECK_FALSE(Template::parse("{{random 99999999999}}").ok());
}

TEST_CASE("a payload can be made again byte for byte") {
  Payloads payloads(9);
  REQUIRE(payloads.add_size("1k*2").ok());
  REQUIRE(payloads.add_size("300").ok());
  std::string first, second, other;
  payloads.render(77, first);
  payloads.render(77, second);
  payloads.render(78, other);
  CHECK(first == second);
  CHECK(first != other);
}

TEST_CASE("made payloads have the size asked for") {
  for (const uint64_t size : {100u, 300u, 1024u, 65536u}) {
    Payloads payloads(1);
    REQUIRE(payloads.add_size(std::to_string(size)).ok());
    std::string out;
    payloads.render(123456, out);
    CHECK(out.size() == size);
    CHECK(out.front() == '{');
    CHECK(out.back() == '}');
  }
}

TEST_CASE("a mix follows its weights") {
  Payloads payloads(5);
  REQUIRE(payloads.add_size("200*3").ok());
  REQUIRE(payloads.add_size("400").ok());
  size_t small = 0;
  for (uint64_t seq = 1; seq <= 4000; seq++) {
    std::string out;
    payloads.render(seq, out);
    small += out.size() < 300;
  }
  CHECK(small > 2850);
  CHECK(small < 3150);
}

TEST_CASE("a missing file is a fault that names it") {
  Payloads payloads(1);
  const auto status = payloads.add_file("/does/not/exist.json", false);
  CHECK_FALSE(status.ok());
  CHECK(status.message().find("/does/not/exist.json") != std::string::npos);
}

TEST_CASE("a raw file is sent as it is") {
  char path[] = "/tmp/penstock-payload-XXXXXX";
  const int file = mkstemp(path);
  REQUIRE(file >= 0);
  std::ofstream(path) << "{{what}}";
  Payloads payloads(1);
  CHECK_FALSE(payloads.add_file(path, false).ok());
  REQUIRE(payloads.add_file(path, true).ok());
  std::string out;
  payloads.render(1, out);
  CHECK(out == "{{what}}");
  std::remove(path);
}

TEST_CASE("sizes are read with their units") {
  CHECK(*parse_size("300") == 300);
  CHECK(*parse_size("1k") == 1024);
  CHECK(*parse_size("2MB") == 2 * 1024 * 1024);
  for (const char* text : {"", "k", "1x", "-1", "999999999999"})
    CHECK_FALSE_MESSAGE(parse_size(text).ok(), text);
}
