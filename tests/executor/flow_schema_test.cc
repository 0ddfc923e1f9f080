#include <doctest/doctest.h>

#include "executor/flow/schema.h"
#include "executor/json/parse.h"

namespace penstock::flow {
namespace {

std::string complaint(const std::string& schema, const std::string& value) {
  auto compiled = Schema::compile(*json::parse(schema));
  REQUIRE_MESSAGE(compiled.ok(), compiled.status().message());
  return (*compiled)->check(*json::parse(value)).value_or("fine");
}
bool fits(const std::string& schema, const std::string& value) {
  return complaint(schema, value) == "fine";
}

TEST_CASE("types, with whole numbers as integers however they are written") {
  CHECK(fits(R"({"type":"integer"})", "1.0"));
  CHECK_FALSE(fits(R"({"type":"integer"})", "1.5"));
  CHECK(fits(R"({"type":["string","null"]})", "null"));
  CHECK(complaint(R"({"type":"string"})", "1") == "the value is not of type string");
}

TEST_CASE("numbers, text and lists have their bounds") {
  CHECK(fits(R"({"minimum":1,"maximum":2,"multipleOf":0.5})", "1.5"));
  CHECK_FALSE(fits(R"({"exclusiveMinimum":1})", "1"));
  CHECK_FALSE(fits(R"({"multipleOf":2})", "3"));
  CHECK(fits(R"({"minLength":2,"maxLength":2,"pattern":"^ä"})", "\"äö\""));
  CHECK_FALSE(fits(R"({"pattern":"^a+$"})", "\"ab\""));
  CHECK_FALSE(fits(R"({"minItems":2})", "[1]"));
  CHECK_FALSE(fits(R"({"uniqueItems":true})", "[1,2,1.0]"));
  CHECK(fits(R"({"prefixItems":[{"type":"string"}],"items":{"type":"number"}})", R"(["a",1,2])"));
  CHECK_FALSE(fits(R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])"));
  CHECK_FALSE(fits(R"({"contains":{"const":3},"minContains":2})", "[3,1]"));
}

TEST_CASE("objects: required, properties, patterns, names, dependencies") {
  const std::string schema =
      R"({"type":"object","required":["a"],"properties":{"a":{"type":"integer"}},"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})";
  CHECK(fits(schema, R"({"a":1,"x-b":"c"})"));
  CHECK(complaint(schema, "{}") == "the value lacks the property 'a'");
  CHECK(complaint(schema, R"({"a":"1"})") == "/a is not of type integer");
  CHECK_FALSE(fits(schema, R"({"a":1,"b":2})"));
  CHECK_FALSE(fits(schema, R"({"a":1,"x-b":2})"));
  CHECK_FALSE(fits(R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})"));
  CHECK_FALSE(fits(R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})"));
}

TEST_CASE("combinations, conditions and references") {
  CHECK(fits(R"({"anyOf":[{"type":"string"},{"minimum":3}]})", "4"));
  CHECK_FALSE(fits(R"({"oneOf":[{"type":"number"},{"minimum":3}]})", "4"));
  CHECK_FALSE(fits(R"({"not":{"const":1}})", "1"));
  CHECK_FALSE(fits(R"({"if":{"const":1},"then":false,"else":true})", "1"));
  CHECK(fits(R"({"if":{"const":1},"then":false,"else":true})", "2"));
  const std::string tree =
      R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}})";
  CHECK(fits(tree, R"({"next":{"next":{}}})"));
  CHECK_FALSE(fits(tree, R"({"next":{"next":1}})"));
}

TEST_CASE("a schema that leads to itself or explodes ends in a complaint") {
  CHECK_FALSE(fits(R"({"$ref":"#"})", "1"));
  CHECK_FALSE(fits(R"({"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]})", "1"));
  CHECK_FALSE(fits(R"({"$ref":"https://elsewhere.test/schema"})", "1"));
}

TEST_CASE("a schema with a broken pattern is refused") {
  CHECK_FALSE(Schema::compile(*json::parse(R"({"properties":{"a":{"pattern":"("}}})")).ok());
  CHECK_FALSE(Schema::compile(*json::parse("5")).ok());
}

}  // namespace
}  // namespace penstock::flow
