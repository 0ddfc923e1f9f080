#include "gateway/app/catalog.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

records::WorkflowDefinition workflow(const char* name, const char* source) {
  records::WorkflowDefinition definition;
  definition.set_name(name);
  definition.set_source(source);
  return definition;
}

records::TriggerDefinition trigger(const char* name, const char* token) {
  records::TriggerDefinition definition;
  definition.set_name(name);
  definition.set_token(token);
  definition.set_workflow("w");
  return definition;
}

TEST_CASE("a changed source is a new version, the same source is not") {
  Catalog catalog;
  Writes writes;
  CHECK(catalog.add_workflow(workflow("w", "one"), writes)->version() == 1);
  CHECK(catalog.add_workflow(workflow("w", "one"), writes)->version() == 1);
  CHECK(writes.size() == 1);
  CHECK(catalog.add_workflow(workflow("w", "two"), writes)->version() == 2);
  CHECK(catalog.workflow("w")->source() == "two");
  CHECK(catalog.workflow("w", 1)->source() == "one");
  CHECK(catalog.workflow("w", 3) == nullptr);
}

TEST_CASE("a deleted workflow is hidden, its old versions still run, its numbers are not used again") {
  Catalog catalog;
  Writes writes;
  catalog.add_workflow(workflow("w", "one"), writes);
  catalog.delete_workflow("w", writes);
  CHECK(catalog.workflow("w") == nullptr);
  CHECK(catalog.workflows().empty());
  CHECK(catalog.any_workflow("w", 1)->source() == "one");
  CHECK(catalog.add_workflow(workflow("w", "one"), writes)->version() == 2);
}

TEST_CASE("what was written loads again") {
  Catalog before;
  Writes writes;
  before.add_workflow(workflow("w", "one"), writes);
  before.add_workflow(workflow("w", "two"), writes);
  before.put_trigger(trigger("t", "secret"), writes);
  Catalog after;
  REQUIRE(after.load(writes).ok());
  CHECK(after.workflow("w")->version() == 2);
  CHECK(after.trigger_by_token("secret")->name() == "t");
  CHECK(after.user_of("w")->name() == "t");
}

TEST_CASE("a deleted trigger's URL opens nothing") {
  Catalog catalog;
  Writes writes;
  catalog.put_trigger(trigger("t", "secret"), writes);
  catalog.delete_trigger("t", writes);
  CHECK(catalog.trigger_by_token("secret") == nullptr);
  CHECK(writes.back().value.empty());
}

TEST_CASE("a damaged definition is told by its key") {
  Catalog catalog;
  CHECK(catalog.load({{"trigger/t", "\xff\xff"}}).message() == "stored definition trigger/t");
}

TEST_CASE("names are labels") {
  for (const auto good : {"a", "orders-paid", "x9"}) CHECK(is_name(good));
  for (const auto bad : {"", "-a", "a-", "A", "a b", "a/b", "ä"}) CHECK(!is_name(bad));
  CHECK(!is_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace penstock::gateway
