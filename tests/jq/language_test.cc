#include "fixture.h"

namespace penstock::jq {
namespace {

TEST_CASE("paths reach in, and say what they cannot reach into") {
  gives(".a.b[1]", R"({"a":{"b":[1,2]}})", "2");
  gives(".a?", "1", "");
  gives(".a.b?", "1", "error: Cannot index number with string \"a\"");
  gives(".[-1:], .[1:][0], .[:1]", "[1,2,3]", "[3]\n2\n[1]");
  gives(".a.[0]", R"({"a":[7]})", "7");
  gives("{} | .[0]", "error: Cannot index object with number");
  gives("[1,2,1] | .[[1]]", "[0,2]");
  gives(".a?//1", R"({"a":null})", "1");
}

TEST_CASE("operators bind as jq has them") {
  gives("1 + 2 * 3 - 4 / 2", "5");
  gives("1, 2 | . * 10", "10\n20");
  gives("null // 1, 2", "1\n2");
  gives(".a // .b = 1", R"({"b":2})", R"({"b":1})");
  gives("1 as $x | 2 as $y | $x + $y, $x", "3\n1");
  gives("-1 + 3, -(1, 2)", "2\n-1\n-2");
  gives("true or false and false, (true | not)", "true\nfalse");
  gives("[(1,2) + (10,20)]", "[11,12,21,22]");
}

TEST_CASE("constructors make every combination, the first key slowest") {
  gives("{a: (1,2), b: (3,4)}",
        "{\"a\":1,\"b\":3}\n{\"a\":1,\"b\":4}\n{\"a\":2,\"b\":3}\n{\"a\":2,\"b\":4}");
  gives("{a, \"b\", \"c\\(1)\", $__loc__, (.a): 5}", R"({"a":"k","b":2,"c1":3})",
        R"({"a":"k","b":2,"c1":3,"__loc__":{"file":"<top-level>","line":1},"k":5})");
  gives("{a: 1 | . + 1}", "{\"a\":2}");
  gives("{(1): 2}", "does not compile: line 1, column 1: Cannot use number (1) as object key");
}

TEST_CASE("what is caught is what the body raised, never what comes after it") {
  gives("try error(\"x\") catch .", "\"x\"");
  gives("(try (1,2) catch \"caught\") | error(\"later\")", "error: later");
  gives("try error({a: 1}) catch .a", "1");
  gives("[.[] | (1 / .)?]", "[1,0,2]", "[1,0.5]");
  gives("try (try error(\"a\") catch error(\"b\")) catch .", "\"b\"");
  gives("try error(null) catch .", "null");
  gives("error(null)", "error: null (not a string)");
}

TEST_CASE("loops: reduce, foreach, label and break") {
  gives("reduce .[] as [$a, $b] (0; . + $a * $b)", "[[1,2],[3,4]]", "14");
  gives("reduce (1,2) as $x (0; empty)", "null");
  gives("[foreach .[] as $x (0; . + $x; [$x, .])]", "[1,2,3]", "[[1,1],[2,3],[3,6]]");
  gives("[label $out | .[] | if . > 2 then break $out else . end]", "[1,2,3,1]", "[1,2]");
  gives("label $a | label $b | 1, break $a, 2", "1");
  gives("break $x", "does not compile: line 1, column 1: the label $x is not defined");
}

TEST_CASE("functions see what was around their definition") {
  gives("def f(g): [g, g]; f(.a, .b)", R"({"a":1,"b":2})", "[1,2,1,2]");
  gives("def f($a; $b): $a + $b; [f(1,2; 10,20)]", "[11,21,12,22]");
  gives("2 as $x | def f: $x; 3 as $x | f", "2");
  gives("def fac: if . < 2 then 1 else . * (. - 1 | fac) end; 10 | fac", "3628800");
  gives("def f: reduce .[] as $x (0; . + $x); def g: f + 1; [1,2] | g", "4");
  gives("map(. + 1) as $map | def map(f): \"mine\"; map(.)", "[1]", "\"mine\"");
}

TEST_CASE("patterns take apart, and fall through to the next") {
  gives(". as {a: $x, b: [$y, {$z}]} | [$x, $y, $z]", R"({"a":1,"b":[2,{"z":3}]})", "[1,2,3]");
  gives(". as {$b: [$c]} | [$b, $c]", R"({"b":[4]})", "[[4],4]");
  gives(".[] as [$a] ?// $a | [$a]", "[[1],2]", "[1]\n[2]");
  gives("[[3]] | .[] as [$a] ?// [$b] | if $a != null then error(\"e\") else {$a, $b} end",
        "{\"a\":null,\"b\":3}");
}

TEST_CASE("updates change what they name and nothing else") {
  gives(".a += 1, (.b |= \"x\"), .c //= 5", R"({"a":1})",
        "{\"a\":2}\n{\"a\":1,\"b\":\"x\"}\n{\"a\":1,\"c\":5}");
  gives(".a = (.b, .c)", R"({"b":1,"c":2})",
        "{\"b\":1,\"c\":2,\"a\":1}\n{\"b\":1,\"c\":2,\"a\":2}");
  gives("(.[] | select(. >= 2)) |= empty", "[1,5,3,0,7]", "[1,0]");
  gives(".a |= empty", R"({"a":1,"b":2})", "{\"b\":2}");
  gives(".a[1:] |= map(. + 1)", R"({"a":[1,2,3]})", "{\"a\":[1,3,4]}");
  gives(". as $in | .a.b = 1 | [., $in]", R"({"a":{"b":0}})", R"([{"a":{"b":1}},{"a":{"b":0}}])");
  gives("del(.[0, 2], .[-1])", "[1,2,3,4]", "[2]");
}

TEST_CASE("strings interpolate through their format") {
  gives("\"a\\(1, 2)b\"", "\"a1b\"\n\"a2b\"");
  gives("@base64 \"x\\(\"hi\")\", (\"aGk\" | @base64d)", "\"xaGk=\"\n\"hi\"");
  gives("@sh \"echo \\(\"it's\")\", @json \"\\([1])\"", "\"echo 'it'\\\\''s'\"\n\"[1]\"");
  gives("\"\\ud83d\\ude00\" | length", "1");
}

TEST_CASE("expressions match with jq's match objects") {
  gives("[match(\"(?<x>b)|c\"; \"g\") | [.offset, .string, .captures[0].name]]", "\"éabc\"",
        R"([[2,"b","x"],[3,"c","x"]])");
  gives("sub(\"(?<x>\\\\d+)\"; \"<\\(.x)>\")", "\"a12b3\"", "\"a<12>b3\"");
  gives("gsub(\"\\\\s\"; \"\")", "\" a b \"", "\"ab\"");
  gives("[gsub(\"X\"; \"1\", \"2\")]", "\"aXbX\"", R"(["a1b1","a2b1","a1b2","a2b2"])");
  gives("gsub(\"\"; \"-\")", "\"ab\"", "\"-a-b-\"");
  gives("[splits(\", *\")], test(\"B\"; \"i\"), [scan(\"[a-z]\")]", "\"a, b\"",
        "[\"a\",\"b\"]\ntrue\n[\"a\",\"b\"]");
}

TEST_CASE("mistakes are named with their place") {
  gives(".a[", "does not compile: line 1, column 4: an expression was expected, not the end");
  gives("1 +\n +", "does not compile: line 2, column 2: an expression was expected, not '+'");
  gives("foo(1)", "does not compile: line 1, column 1: foo/1 is not defined");
  gives(".a | $b", "does not compile: line 1, column 6: $b is not defined");
  gives("\"abc", "does not compile: line 1, column 1: this string has no end");
  gives(
      "1 == 1 == 1",
      "does not compile: line 1, column 8: parentheses around one of the comparisons was expected, "
      "not '=='");
  gives("1 / 0", "does not compile: line 1, column 3: Division by zero?");
}

TEST_CASE("variables come in by name, and there is no environment") {
  const std::string names[] = {"input", "secrets"};
  const auto program = compile("$input.a + $secrets[0]", names);
  REQUIRE(program.ok());
  const json::Value values[] = {*json::parse(R"({"a":1})"), *json::parse("[2]")};
  CHECK(first(**program, json::Value(), values)->dump() == "3");
  CHECK_FALSE(compile("$other", names).ok());
  gives("$ENV, env", "{}\n{}");
}

TEST_CASE("modules and input are refused") {
  CHECK_FALSE(compile("import \"a\" as a; .").ok());
  CHECK_FALSE(compile("include \"a\"; .").ok());
  gives("input", "error: No more inputs");
  gives("[inputs]", "[]");
}

}  // namespace
}  // namespace penstock::jq
