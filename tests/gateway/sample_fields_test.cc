#include "gateway/app/sample_fields.h"

#include <doctest/doctest.h>

#include "proto/limits.h"

namespace penstock::gateway {
namespace {

const Field* find(const FieldList& list, std::string_view path) {
  for (const Field& field : list.fields)
    if (field.path == path) return &field;
  return nullptr;
}

TEST_CASE("fields have a path, their types, an example and how often they were there") {
  const FieldList list = fields_of({R"({"id":1,"data":{"email":"a@b.c"}})", R"({"id":"x"})"});
  REQUIRE(find(list, ".data.email"));
  CHECK(find(list, ".data.email")->type == "string");
  CHECK(find(list, ".data.email")->example == "\"a@b.c\"");
  CHECK(find(list, ".data.email")->count == 1);
  CHECK(find(list, ".id")->count == 2);
  CHECK(find(list, ".id")->type == "integer|string");
  CHECK(find(list, ".data")->example.empty());
  CHECK(list.fields.front().path == ".id");
}

TEST_CASE("an array's items are one path, counted once a body") {
  const FieldList list = fields_of({R"({"items":[{"price":1.5},{"price":2,"odd key":null}]})"});
  CHECK(find(list, ".items")->type == "array");
  CHECK(find(list, ".items[].price")->type == "number|integer");
  CHECK(find(list, ".items[].price")->count == 1);
  CHECK(find(list, ".items[].\"odd key\""));
}

TEST_CASE("bodies that are no objects have a path too") {
  CHECK(fields_of({"5"}).fields.front().path == ".");
  CHECK(fields_of({"[1]"}).fields.front().path == ".[]");
}

TEST_CASE("a hostile body's fields are bounded") {
  std::string body = "{";
  for (int i = 0; i < 5000; i++) body += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  const FieldList list = fields_of({body + "}"});
  CHECK(list.fields.size() == limits::sample_fields_max);
  CHECK(list.cut);
  CHECK(fields_of({std::string(500, '[') + std::string(500, ']')}).cut);
}

}  // namespace
}  // namespace penstock::gateway
