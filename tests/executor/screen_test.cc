// What an executor makes of events by a trigger's rules: filter, schema, variables, keys.
#include <doctest/doctest.h>

#include "executor/screen/screener.h"
#include "proto/limits.h"

namespace penstock::screen {
namespace {

class Trigger {
 public:
  Trigger& set(const char* name, const char* jq, bool required = false, const char* fallback = "") {
    records::Variable& variable = *definition.mutable_mapping()->add_variables();
    variable.set_name(name);
    variable.set_expression(jq);
    variable.set_required(required);
    variable.set_default_json(fallback);
    return *this;
  }
  Trigger& filter(const char* jq) {
    definition.mutable_mapping()->set_filter(jq);
    return *this;
  }
  Trigger& schema(const char* json) {
    definition.mutable_mapping()->set_schema(json);
    return *this;
  }
  worker::Screened judge(const char* body, bool report = false) {
    worker::Screen wanted;
    wanted.set_cookie(7);
    wanted.set_trigger(definition.SerializeAsString());
    wanted.set_body(body);
    wanted.set_meta(meta.SerializeAsString());
    wanted.set_report(report);
    return screener.screen(wanted);
  }

  records::TriggerDefinition definition;
  records::EventMeta meta;
  jq::Runner runner;
  Screener screener{runner};
};

TEST_CASE("variables are made by their expressions, and numbers keep their text") {
  Trigger trigger;
  trigger.set("customer", ".data.email").set("total", "${ .amount }").set("gone", ".nope");
  const worker::Screened out =
      trigger.judge(R"({"data":{"email":"a@b.c"},"amount":12345678901234567890.10})");
  CHECK(out.cookie() == 7);
  CHECK(out.variables() == R"({"customer":"a@b.c","total":12345678901234567890.10,"gone":null})");
  CHECK(out.mapping_error().empty());
}

TEST_CASE("a required variable that is missing is an error that names it") {
  Trigger trigger;
  trigger.set("customer", ".data.email", true);
  for (const char* body : {"{}", R"({"data":{"email":null}})"}) {
    const worker::Screened out = trigger.judge(body);
    CHECK(out.mapping_error().find("customer (.data.email)") != std::string::npos);
    CHECK(out.variables().empty());
  }
}

TEST_CASE("an expression that fails is an error, never a silent null") {
  Trigger trigger;
  trigger.set("email", ".data.email");
  CHECK(trigger.judge(R"({"data":[1]})").mapping_error().starts_with("variable email"));
}

TEST_CASE("a default stands in for what is missing or fails") {
  Trigger trigger;
  trigger.set("n", ".a.n", true, "[1]");
  CHECK(trigger.judge("{}").variables() == R"({"n":[1]})");
  CHECK(trigger.judge(R"({"a":"text"})").variables() == R"({"n":[1]})");
  CHECK(trigger.judge(R"({"a":{"n":false}})").variables() == R"({"n":false})");
}

TEST_CASE("a filter passes over what it is not true for") {
  Trigger trigger;
  trigger.filter(".type == \"paid\"").set("x", ".x", true);
  CHECK(trigger.judge(R"({"type":"new"})").filtered());
  CHECK(trigger.judge(R"({"type":"new"})").mapping_error().empty());
  CHECK_FALSE(trigger.judge(R"({"type":"paid","x":1})").filtered());
}

TEST_CASE("a filter that fails lets the event through with a fault") {
  Trigger trigger;
  trigger.filter(".a.b > 1");
  const worker::Screened out = trigger.judge(R"({"a":"text"})");
  CHECK_FALSE(out.filtered());
  CHECK(out.fault().starts_with("filter `.a.b > 1`: "));
}

TEST_CASE("a body that breaks the schema is told by all its places") {
  Trigger trigger;
  trigger.schema(R"({"required":["id"],"properties":{"n":{"type":"integer","minimum":5},
                     "l":{"items":{"type":"string"}}}})");
  const worker::Screened out = trigger.judge(R"({"n":3,"l":["a",1,2]})");
  REQUIRE(out.schema_faults_size() == 4);
  CHECK(out.schema_faults(0).pointer().empty());
  CHECK(out.schema_faults(0).schema_pointer() == "/required");
  CHECK(out.schema_faults(1).pointer() == "/n");
  CHECK(out.schema_faults(1).schema_pointer() == "/properties/n/minimum");
  CHECK(out.schema_faults(3).pointer() == "/l/2");
  CHECK(out.schema_faults(3).schema_pointer() == "/properties/l/items/type");
  CHECK(trigger.judge(R"({"id":1,"n":5})").schema_faults_size() == 0);
}

TEST_CASE("keys are texts: of a string itself, of other values their JSON, of null nothing") {
  Trigger trigger;
  records::FlowRules& flow = *trigger.definition.mutable_flow();
  flow.set_dedup_key(".id + 1");
  flow.set_lane(".name | ascii_downcase");
  flow.set_concurrency_key(".nope");
  flow.set_single_flight("{id}");
  const worker::Screened out = trigger.judge(R"({"id":41,"name":"ADA"})");
  CHECK(out.dedup_key() == "42");
  CHECK(out.lane() == "ada");
  CHECK(out.concurrency_key().empty());
  CHECK(out.single_flight() == R"({"id":41})");
}

TEST_CASE("a key that is too long is a fault") {
  Trigger trigger;
  trigger.definition.mutable_flow()->set_lane("\"x\" * 600");
  CHECK(trigger.judge("{}").fault().find("longer than") != std::string::npos);
}

TEST_CASE("expressions see how the event was delivered") {
  Trigger trigger;
  trigger.meta.set_path("/github");
  records::Header& header = *trigger.meta.add_headers();
  header.set_name("x-github-event");
  header.set_value("push");
  trigger.set("kind", "$event.headers[\"x-github-event\"]").set("path", "$event.path");
  CHECK(trigger.judge("{}").variables() == R"({"kind":"push","path":"/github"})");
}

TEST_CASE("without a body the expressions are checked, each with its place") {
  Trigger trigger;
  trigger.set("good", ".a").set("bad", ".a |").filter("(.b");
  const worker::Screened out = trigger.judge("");
  CHECK(out.fault().starts_with("filter `(.b`: "));
  REQUIRE(out.reports_size() == 2);
  CHECK(out.reports(0).name() == "$filter");
  CHECK(out.reports(1).name() == "bad");
  CHECK(out.reports(1).error().find("line 1") != std::string::npos);
}

TEST_CASE("a report tells of each variable, also of what the filter passes over") {
  Trigger trigger;
  trigger.filter(".go").set("a", ".a", true).set("b", ".b", false, "5");
  const worker::Screened out = trigger.judge("{}", true);
  CHECK(out.filtered());
  REQUIRE(out.reports_size() == 3);
  CHECK(out.reports(0).value() == "false");
  CHECK(out.reports(1).error().find("missing") != std::string::npos);
  CHECK(out.reports(2).defaulted());
  CHECK(out.reports(2).value() == "5");
}

TEST_CASE("a hostile expression ends at its budget") {
  Trigger trigger;
  trigger.set("x", "[range(1e9)] | length");
  CHECK_FALSE(trigger.judge("{}").mapping_error().empty());
}

TEST_CASE("compiled triggers are kept, a bounded number of them") {
  Trigger trigger;
  trigger.set("x", ".x");
  for (int i = 0; i < 3; i++) trigger.judge("{}");
  CHECK(trigger.screener.kept() == 1);
  for (size_t i = 0; i < limits::screeners_max + 10; i++) {
    trigger.definition.set_version(static_cast<uint32_t>(i + 1));
    trigger.judge("{}");
  }
  CHECK(trigger.screener.kept() == limits::screeners_max);
}

TEST_CASE("bytes that are no trigger are a fault") {
  Trigger trigger;
  worker::Screen wanted;
  wanted.set_trigger("\xff\xff");
  wanted.set_body("{}");
  CHECK_FALSE(trigger.screener.screen(wanted).fault().empty());
}

}  // namespace
}  // namespace penstock::screen
