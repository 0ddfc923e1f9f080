#include <doctest/doctest.h>

#include "executor/definition/expression.h"

namespace penstock::definition {
namespace {

TEST_CASE("a text that is one placeholder is an expression") {
  CHECK(expression_of("${ .a }") == ".a");
  CHECK(expression_of("${.a}") == ".a");
  CHECK(expression_of("  ${\n  .a\n}\n") == ".a");
  CHECK(expression_of("${ { a: {b: 1} } }") == "{ a: {b: 1} }");
}

TEST_CASE("braces inside jq strings do not end it") {
  CHECK(expression_of(R"(${ "}" })") == R"("}")");
  CHECK(expression_of(R"(${ "a\"}" + "{" })") == R"("a\"}" + "{")");
  CHECK(expression_of(R"(${ "x\( {a: "}"} | .a )y" })") == R"("x\( {a: "}"} | .a )y")");
}

TEST_CASE("text around or between placeholders is no expression") {
  CHECK_FALSE(is_expression("Hello ${ .x }!"));
  CHECK_FALSE(is_expression("${ .a }-${ .b }"));
  CHECK_FALSE(is_expression(".a"));
  CHECK_FALSE(is_expression("${"));
  CHECK_FALSE(is_expression(""));
}

TEST_CASE("broken jq inside one placeholder is still an expression, for the compiler to judge") {
  CHECK(expression_of(R"(${ "open })") == R"("open)");
  CHECK(expression_of("${ {a: 1 }") == "{a: 1");
}

TEST_CASE("a field that is always an expression may leave the braces out") {
  CHECK(expression_field("${ .a == 1 }") == ".a == 1");
  CHECK(expression_field(" .a == 1 ") == ".a == 1");
  CHECK(expression_field("") == "");
}

TEST_CASE("partial interpolation is rewritten as jq") {
  CHECK(as_interpolation("Hello ${ .x }!") == R"(${ "Hello \(.x)!" })");
  CHECK(as_interpolation("${ .a }-${ .b }") == R"x(${ "\(.a)-\(.b)" })x");
  CHECK(as_interpolation("say \"${ .x }\"\n") == R"(${ "say \"\(.x)\"\n" })");
}

TEST_CASE("a comment's brace does not end the expression") {
  CHECK(expression_of("${ .a # }\n }") == ".a # }");
}

TEST_CASE("hostile nesting is walked without recursion") {
  const std::string deep = "${" + std::string(500'000, '{');
  const auto found = find_placeholder(deep);
  REQUIRE(found);
  CHECK_FALSE(found->closed);
  CHECK(found->end == deep.size());
}

}  // namespace
}  // namespace penstock::definition
