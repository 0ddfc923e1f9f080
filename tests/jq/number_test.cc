#include "fixture.h"

namespace penstock::jq {
namespace {

TEST_CASE("a number that is only carried keeps its text") {
  gives(".", "[1.10,12345678901234567890,1e2,-0]", "[1.10,12345678901234567890,1e2,-0]");
  gives("{id: .a, all: [.[]]}", R"({"a":9007199254740993})",
        R"({"id":9007199254740993,"all":[9007199254740993]})");
  gives("tojson, tostring, (tojson | fromjson)", "[1.50]", "\"[1.50]\"\n\"[1.50]\"\n[1.50]");
  gives("sort, unique, (map({a: .}) | group_by(.a))", "[9007199254740993,9007199254740992]",
        "[9007199254740992,9007199254740993]\n[9007199254740992,9007199254740993]\n"
        "[[{\"a\":9007199254740992}],[{\"a\":9007199254740993}]]");
  gives(".[0] == .[1]", "[9007199254740993,9007199254740992]", "false");
  gives("12345678901234567890, -12345678901234567890",
        "12345678901234567890\n-12345678901234567890");
}

TEST_CASE("a number that is computed is a double, written shortest") {
  gives("0.1 + 0.2, 1 / 3, 1e15 + 1, 1e17 + 0",
        "0.30000000000000004\n0.3333333333333333\n"
        "1000000000000001\n1e+17");
  gives(".[] + 0", "[1.0,1e3,100,1e-5,123456789.125]", "1\n1000\n100\n1e-05\n123456789.125");
  gives("infinite, -infinite, nan", "1.7976931348623157e+308\n-1.7976931348623157e+308\nnull");
  gives("[5 % 3, -5 % 3, 5 % -3, 5.9 % 2.1]", "[2,-2,2,1]");
}

TEST_CASE("NaN sorts below every number and equals nothing") {
  gives("[nan, 1, -5] | sort", "[null,-5,1]");
  gives("nan < nan, nan == nan, (nan | isnan)", "true\nfalse\ntrue");
}

}  // namespace
}  // namespace penstock::jq
