#include <doctest/doctest.h>

#include "executor/json/meter.h"
#include "executor/json/parse.h"
#include "executor/json/value.h"
#include "proto/limits.h"

namespace penstock::json {
namespace {

Value read(std::string_view text) {
  auto value = parse(text);
  REQUIRE_MESSAGE(value.ok(), std::string(text), ": ", value.status().message());
  return *value;
}

void same_text(std::string_view text) {
  CHECK(read(text).dump() == text);
}

void written(std::string_view text, std::string_view out) {
  CHECK(read(text).dump() == out);
}

void refused(std::string_view text) {
  const auto value = parse(text);
  CHECK_MESSAGE(!value.ok(), std::string(text));
}

TEST_CASE("numbers come out with the text they went in with") {
  same_text("[1.10,1e2,12345678901234567890123,-0,0.1E-7,1e999]");
  same_text("9007199254740993");
  CHECK(read("[9007199254740993]").at(0).dump() == "9007199254740993");
  CHECK(read("9007199254740993").as_integer() == 9007199254740993);
}

TEST_CASE("spaces and escapes are brought to one form") {
  written(" { \"a\" : [ 1 , 2 ] } ", "{\"a\":[1,2]}");
  written("[\"\\u0041\\/\\n\\ud83d\\ude00\"]", "[\"A/\\n😀\"]");
  written("\"\\ud800x\"", "\"\xEF\xBF\xBDx\"");
  same_text("\"\\u0001\\\\\\\"\"");
}

TEST_CASE("of a key that comes twice the last value holds, at the first one's place") {
  written(R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})");
  const Value object = read(R"({"a":1,"b":{"x":1},"a":3,"a":4})");
  const Value inner = object.get("b");
  CHECK(object.size() == 2);
  CHECK(object.get("a").dump() == "4");
  CHECK(inner.dump() == R"({"x":1})");
  CHECK(object.get("b").same(inner) == false);
  CHECK(object.get("b") == inner);
}

TEST_CASE("what is not JSON is refused") {
  for (const char* text :
       {"",        " ",         "{",      "[1,]", "{\"a\"}", "{\"a\":}",   "{a:1}", "[1 2]",
        "01",      "1.",        ".5",     "+1",   "1e",      "tru",        "truex", "\"a",
        "\"\\x\"", "\"\\u12\"", "\"\n\"", "[1]]", "{}{}",    "nan",        "'a'",   "\"\xff\"",
        "[1}",     "{\"a\":1]", "[,1]",   "{,}",  "--1",     "\"abc\"def", "1 2",   "{\"a\":1,}"})
    refused(text);
}

TEST_CASE("depth is bounded, not the stack") {
  const std::string deep(limits::json_depth_max, '[');
  CHECK(parse(deep + std::string(limits::json_depth_max, ']')).ok());
  CHECK(parse("[" + deep + std::string(limits::json_depth_max + 1, ']')).status().fault() ==
        Fault::kFull);
  refused(std::string(100'000, '['));
}

TEST_CASE("updates leave other holders alone") {
  const Value source = read(R"({"a":[1,2],"b":{"c":3}})");
  Value copy = source;
  copy.set("d", Value::number(4));
  copy.erase("b");
  Value list = source.get("a");
  list.push_back(Value::boolean(true));
  list.set_at(4, Value::string("x"));
  CHECK(source.dump() == R"({"a":[1,2],"b":{"c":3}})");
  CHECK(copy.dump() == R"({"a":[1,2],"d":4})");
  CHECK(list.dump() == R"([1,2,true,null,"x"])");
}

TEST_CASE("a sole holder is updated in place") {
  Value list = Value::array();
  list.push_back(Value::number(1));
  const Value other = list;
  CHECK_FALSE(list.sole());
  list.push_back(Value::number(2));
  CHECK(list.sole());
  CHECK(other.size() == 1);
}

TEST_CASE("values sort in jq's order, long integers exactly") {
  const char* rising[] = {"null",
                          "false",
                          "true",
                          "-1",
                          "0",
                          "9007199254740992",
                          "9007199254740993",
                          "1e300",
                          "\"\"",
                          "\"a\"",
                          "\"b\"",
                          "\"é\"",
                          "[]",
                          "[1]",
                          "[1,2]",
                          "[2]",
                          "{}",
                          "{\"a\":1}",
                          "{\"a\":2}",
                          "{\"a\":1,\"b\":1}",
                          "{\"b\":1}"};
  for (size_t i = 0; i < std::size(rising); i++)
    for (size_t j = 0; j < std::size(rising); j++) {
      const int order = compare(read(rising[i]), read(rising[j]));
      CHECK_MESSAGE((order < 0) == (i < j), rising[i], " ", rising[j]);
      CHECK((order == 0) == (i == j));
    }
  CHECK(read(R"({"a":1,"b":2})") == read(R"({"b":2.0,"a":1})"));
}

TEST_CASE("a large object is found by key as a small one is") {
  std::string text = "{";
  for (int i = 0; i < 1000; i++)
    text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text += "\"k7\":-7}";
  Value object = read(text);
  CHECK(object.get("k999").dump() == "999");
  CHECK(object.get("k7").dump() == "-7");
  CHECK(object.size() == 1000);
  object.set("new", Value());
  object.erase("k0");
  CHECK(object.size() == 1000);
  CHECK(object.get("k500").dump() == "500");
  CHECK_FALSE(object.find("k0"));
}

TEST_CASE("the meter goes back to where it was") {
  const int64_t before = live_bytes();
  {
    Value list = Value::array();
    for (int i = 0; i < 100; i++) list.push_back(read("{\"a\":[1,2,\"\\n\"]}"));
    list.at(3).set("x", Value::string(std::string(1000, 'x')));
    CHECK(live_bytes() > before + 1000);
  }
  CHECK(live_bytes() == before);
}

}  // namespace
}  // namespace penstock::json
