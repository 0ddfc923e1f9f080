#include "gateway/app/screening.h"

#include <doctest/doctest.h>

namespace penstock::gateway {
namespace {

TEST_CASE("only a trigger with rules that need jq is looked at by executors") {
  records::TriggerDefinition trigger;
  CHECK_FALSE(needs_screening(trigger));
  trigger.mutable_flow()->set_lane(".customer");
  trigger.mutable_flow()->set_single_flight("body");
  CHECK_FALSE(needs_screening(trigger));
  trigger.mutable_flow()->set_dedup_key(".a + .b");
  CHECK(needs_screening(trigger));
}

TEST_CASE("an executor gets to see the rules and no secrets") {
  records::TriggerDefinition trigger;
  trigger.set_name("t");
  trigger.set_token("hidden-token");
  trigger.add_keys()->set_hash("hidden-hash");
  trigger.mutable_mapping()->set_filter(".x");
  const worker::Screen wanted = screen_of(trigger, {}, "{}");
  CHECK(wanted.trigger().find("hidden") == std::string::npos);
  records::TriggerDefinition rules;
  REQUIRE(rules.ParseFromString(wanted.trigger()));
  CHECK(rules.mapping().filter() == ".x");
}

TEST_CASE("what was found goes into the event; a fault takes the variables' place") {
  worker::Screened found;
  found.set_variables(R"({"a":1})");
  found.set_lane("l");
  records::EventMeta meta;
  meta.set_dedup_key("from a header");
  map_event(found, meta);
  CHECK(meta.variables() == R"({"a":1})");
  CHECK(meta.lane() == "l");
  CHECK(meta.dedup_key() == "from a header");
  found.set_fault("lane: no");
  map_event(found, meta);
  CHECK(meta.variables().empty());
  CHECK(meta.mapping_error() == "lane: no");
}

}  // namespace
}  // namespace penstock::gateway
