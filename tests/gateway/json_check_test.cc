#include "gateway/app/json_check.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

bool both_accept(std::string_view text) {
  JsonCheck check;
  const bool by_parser = !check.refuse(Body(text));
  const bool by_ours = !find_json_fault(text, 1024);
  CHECK(by_parser == by_ours);
  return by_parser;
}

TEST_CASE("documents of every kind are valid") {
  for (const auto text : {R"({})", R"([])", R"("x")", "0", "-0.0e-3", "true", "null", " [1 , 2] \n",
                          R"({"a":{"b":[1,{"c":null}]}})", R"("\u00e9\n\"")", "[[[[]]]]"}) {
    CAPTURE(text);
    CHECK(both_accept(text));
  }
}

TEST_CASE("what is nearly JSON is refused") {
  for (const auto text : {"", " ", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "'x'", "01", "1.",
                          ".5", "+1", "1e", "NaN", "Infinity", "tru", "[1] 2", "\"\\x\"", "\"\t\"",
                          "\"open", "[1 2]", "{\"a\":1,}", "// c\n1", "]", "{]", "[}", "\"\\u12\""}) {
    CAPTURE(text);
    CHECK(!both_accept(text));
  }
}

TEST_CASE("numbers beyond 64 bits and beyond a double are JSON") {
  for (const auto text : {"123456789012345678901234567890", "1e400", "-1e-400",
                          "[18446744073709551616]", R"({"a":1e999})"}) {
    CAPTURE(text);
    CHECK(both_accept(text));
  }
}

TEST_CASE("a broken document with a huge number in it stays broken") {
  JsonCheck check;
  CHECK(check.refuse(Body("[123456789012345678901234567890,]")));
  CHECK(check.refuse(Body("{\"a\":1e400")));
}

TEST_CASE("invalid UTF-8 is refused and says so") {
  JsonCheck check;
  CHECK(check.refuse(Body("\"\xff\"")).value() == "not valid UTF-8");
  CHECK(check.refuse(Body("[\"\xff\", 123456789012345678901234567890]")));
}

TEST_CASE("depth is bounded") {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  JsonCheck check;
  CHECK(!check.refuse(Body(nested(1000))));
  CHECK(check.refuse(Body(nested(2000))));
  CHECK(check.refuse(Body(nested(100'000))));
  CHECK(find_json_fault(nested(11), 10).has_value());
  CHECK(!find_json_fault(nested(10), 10).has_value());
}

}  // namespace
}  // namespace penstock::gateway
