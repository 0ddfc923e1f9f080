#include <doctest/doctest.h>

#include <chrono>
#include <tuple>

#include "executor/definition/definition.h"
#include "proto/limits.h"
#include "tests/executor/patience.h"

namespace penstock::definition {
namespace {

// The definition's values as compact JSON, or `line:column: complaint`.
std::string loaded(std::string_view source) {
  const Result<Definition> result = load(source);
  return result.ok() ? result->root.dump() : result.status().message();
}

TEST_CASE("YAML scalars follow the 1.2 core schema") {
  CHECK(loaded("a: yes") == R"({"a":"yes"})");
  CHECK(loaded("[on, off, no, y, 12:30, 2001-01-01, 1_000, 0b1]") ==
        R"(["on","off","no","y","12:30","2001-01-01","1_000","0b1"])");
  CHECK(loaded("[true, False, TRUE, null, ~, Null]") == "[true,false,true,null,null,null]");
  CHECK(loaded("{a: , b: ''}") == R"({"a":null,"b":""})");
}

TEST_CASE("numbers keep their digits") {
  CHECK(loaded("[9007199254740993, 1.10, -0, 1e400, 123456789012345678901234567890]") ==
        "[9007199254740993,1.10,-0,1e400,123456789012345678901234567890]");
}

TEST_CASE("numbers that JSON spells otherwise are respelled") {
  CHECK(loaded("[+5, 007, .5, 5., -.5e3, 0xFF, 0o17, 00.1]") == "[5,7,0.5,5,-0.5e3,255,15,0.1]");
}

TEST_CASE("what only looks like a number is a string") {
  CHECK(loaded("[1.0.3, 1e, 0x, 0xG, '5', 0o8, '.', -]") ==
        R"(["1.0.3","1e","0x","0xG","5","0o8",".","-"])");
}

TEST_CASE("infinity and not-a-number are refused, for JSON has no word for them") {
  CHECK(loaded("a: .inf").starts_with("1:4: "));
  CHECK(loaded("a: -.Inf").starts_with("1:4: "));
  CHECK(loaded("a: .nan").starts_with("1:4: "));
}

TEST_CASE("a quoted or tagged scalar is a string") {
  CHECK(loaded("['5', \"true\", !!str 5, ! 5]") == R"(["5","true","5","5"])");
}

TEST_CASE("tags beyond the core schema are refused") {
  CHECK(loaded("a: !!binary aGk=") ==
        "1:4: the tag \"tag:yaml.org,2002:binary\" means nothing here");
  CHECK(loaded("a: !mine {}").find("!mine") != std::string::npos);
  CHECK(loaded("a: !!int x").find("means nothing here") != std::string::npos);
  CHECK(loaded("{a: !!float 5, b: !!map {}, c: !!seq []}") == R"({"a":5,"b":{},"c":[]})");
}

TEST_CASE("a key that is there twice is an error with its place") {
  CHECK(loaded("a: 1\nb: 2\na: 3\n") == "3:1: the key \"a\" is here twice");
  CHECK(loaded(R"({"a": {"b": 1, "b": 2}})") == "1:16: the key \"b\" is here twice");
}

TEST_CASE("keys are text, whatever they look like") {
  CHECK(loaded("1: a\ntrue: b\nyes: c\n") == R"({"1":"a","true":"b","yes":"c"})");
  CHECK(loaded("? [a]\n: b\n").find("a key must be plain text") != std::string::npos);
}

TEST_CASE("merge keys are refused instead of half understood") {
  CHECK(loaded("a: &x {b: 1}\nc:\n  <<: *x\n") == "3:3: merge keys (<<) are not part of YAML 1.2");
  CHECK(loaded("'<<': 1") == R"({"<<":1})");
}

TEST_CASE("an alias repeats its anchor's value") {
  CHECK(loaded("a: &x {b: [1, 2]}\nc: *x\nd: &y text\ne: *y\n") ==
        R"({"a":{"b":[1,2]},"c":{"b":[1,2]},"d":"text","e":"text"})");
}

TEST_CASE("an alias within its own anchor is refused") {
  CHECK(loaded("a: &x [*x]") == "1:8: an alias within what it stands for");
}

TEST_CASE("a billion laughs end in an error at once") {
  std::string source = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; i++) {
    const std::string last = "*a" + std::to_string(i - 1);
    source += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 8; j++) source += "," + last;
    source += "]\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK(loaded(source).find("values, counting what aliases repeat") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5 * slower));
}

TEST_CASE("long text repeated by aliases ends in an error too") {
  std::string source = "a: &a " + std::string(500'000, 'x') + "\nb: [";
  for (int i = 0; i < 100; i++) source += "*a, ";
  CHECK(loaded(source + "1]").find("aliases repeat more than") != std::string::npos);
}

TEST_CASE("depth is bounded in both languages") {
  const std::string open(65, '['), close(65, ']');
  CHECK(loaded(open + close).find("nested deeper than 64") != std::string::npos);
  CHECK(loaded("{\"a\":" + open + close + "}").find("nested deeper than 64") != std::string::npos);
  CHECK(loaded(open.substr(1) + close.substr(1)).starts_with("[["));
}

TEST_CASE("a megabyte of one character is judged at once") {
  for (const char c : {'[', '{', '-', '?', '&', '*', '!', '"', '|', ':', '%', ' ', '#', '\t'}) {
    CAPTURE(c);
    const auto begin = std::chrono::steady_clock::now();
    std::ignore = load(std::string(limits::workflow_bytes_max, c));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5 * slower));
  }
}

TEST_CASE("size is bounded") {
  CHECK(loaded(std::string(limits::workflow_bytes_max + 1, ' ')).find("bytes, more than") !=
        std::string::npos);
}

TEST_CASE("syntax errors say where") {
  CHECK(loaded("a: [1, 2\nb: 3\n").starts_with("2:"));
  CHECK(loaded("{\"a\": 1,\n \"b\" 2}") == "2:6: expected : behind the key");
  CHECK(loaded("{\"a\": 1,\n]").starts_with("2:1: "));
  CHECK(loaded("{\"a\": \"x") == "1:9: a string without its closing quote");
  CHECK(loaded("") == "1:1: nothing is here");
  CHECK(loaded("a: 1\n---\nb: 2\n") == "more than one YAML document");
}

TEST_CASE("what the YAML library would let pass is refused") {
  CHECK(loaded("a: 'b\nc: d\n") == "1:4: a string without its closing quote");
  CHECK(loaded("a: \"b\\\"\n") == "1:4: a string without its closing quote");
  CHECK(loaded("a: 'b''\nc: d\n") == "1:4: a string without its closing quote");
  CHECK(loaded("a: 1\nb") == "2:1: expected : behind the key");
  CHECK(loaded("a:\nb: 'it''s'\nc: \"\\\"\"\n? d\n") ==
        R"({"a":null,"b":"it's","c":"\"","d":null})");
  CHECK(loaded("{a, b: 1}") == R"({"a":null,"b":1})");
}

TEST_CASE("JSON is read as JSON, surrogate pairs, escapes and tabs included") {
  CHECK(loaded("{\n\t\"a\":\t\"\\ud83d\\ude00\\/\\n\", \"b\":[1.50,true,null]}") ==
        "{\"a\":\"\U0001F600/\\n\",\"b\":[1.50,true,null]}");
}

TEST_CASE("a flow mapping that is not JSON is read as YAML") {
  CHECK(loaded("{a: 1, b: 'x'}") == R"({"a":1,"b":"x"})");
}

TEST_CASE("bytes that are not UTF-8 are refused, with their place") {
  CHECK(loaded("a: \xff") == "1:4: this is not UTF-8 text");
  CHECK(loaded("a: b\n\xc0\xaf: c") == "2:1: this is not UTF-8 text");
  CHECK(loaded(std::string_view("\xff\xfe\x61\x00", 4)) == "1:1: this is not UTF-8 text");
  CHECK(loaded(std::string_view("a: \0", 4)) == "1:4: this is not UTF-8 text");
  CHECK(loaded("\xef\xbb\xbf{\"a\": 1}") == R"({"a":1})");
}

TEST_CASE("every value and key has its place") {
  const auto definition = load("do:\n  - first:\n      set: { a: [1, x] }\n  - a/b: 2\n");
  REQUIRE(definition.ok());
  const SourceMap& map = definition->source_map;
  CHECK(map.key_at("/do") == Position{1, 1});
  CHECK(map.value_at("/do/0/first/set") == Position{3, 12});
  CHECK(map.key_at("/do/0/first/set") == Position{3, 7});
  CHECK(map.value_at("/do/0/first/set/a/1") == Position{3, 21});
  CHECK(map.value_at("/do/1/a~1b") == Position{4, 10});
  CHECK(map.key_at("/do/1/a~1b") == Position{4, 5});
}

TEST_CASE("an unknown pointer has the place of what is around it") {
  const auto definition = load("do:\n  - first:\n      set: 1\n");
  REQUIRE(definition.ok());
  CHECK(definition->source_map.key_at("/do/0/first/wait/x") == Position{2, 5});
  CHECK(definition->source_map.value_at("/nothing") == Position{1, 1});
}

TEST_CASE("JSON has places as well") {
  const auto definition = load("{\n  \"do\": [ {\"x\": 5} ]\n}");
  REQUIRE(definition.ok());
  CHECK(definition->source_map.key_at("/do/0/x") == Position{2, 12});
  CHECK(definition->source_map.value_at("/do/0/x") == Position{2, 17});
}

TEST_CASE("a definition knows its own name and version") {
  const auto definition =
      load("document: {name: hello, version: 0.1.0, title: T, summary: S}\ndo: []\n");
  REQUIRE(definition.ok());
  CHECK(definition->name() == "hello");
  CHECK(definition->version() == "0.1.0");
  CHECK(definition->title() == "T");
  CHECK(definition->summary() == "S");
  CHECK(load("[1]")->name().empty());
}

}  // namespace
}  // namespace penstock::definition
