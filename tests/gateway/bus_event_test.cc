// Deliveries and signals as CloudEvents, and what `read` makes of them.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "gateway/app/bus_event.h"

namespace penstock::gateway {
namespace {

records::EventMeta meta_of(const std::string& trigger) {
  records::EventMeta meta;
  meta.set_trigger(trigger);
  meta.set_method("POST");
  meta.set_path("/a");
  meta.set_query("b=1");
  return meta;
}

void add_header(records::EventMeta& meta, const char* name, const char* value) {
  records::Header& header = *meta.add_headers();
  header.set_name(name);
  header.set_value(value);
}

TEST_CASE("a delivery is an event of its trigger, with what was kept of the request") {
  records::EventMeta meta = meta_of("shop");
  meta.set_type("order.paid");
  add_header(meta, "x-shop-id", "7");
  add_header(meta, "type", "no");
  const Id id = Id::floor_of(1'700'000'000'000);
  const queue::CloudEvent event = delivery_event(id, meta, R"({"n":123456789012345678901})");
  CHECK(event.type == "order.paid");
  CHECK(event.source == "/triggers/shop");
  CHECK(event.json.find("\"data\":{\"n\":123456789012345678901}") != std::string::npos);
  const auto json = nlohmann::json::parse(event.json);
  CHECK(json["specversion"] == "1.0");
  CHECK(json["id"] == id.text());
  CHECK(json["type"] == "order.paid");
  CHECK(json["time"] == "2023-11-14T22:13:20.000Z");
  CHECK(json["xshopid"] == "7");
  CHECK(json["path"] == "/a");
  CHECK(json["query"] == "b=1");
}

TEST_CASE("providers say what an event is where the trigger does not") {
  records::EventMeta meta = meta_of("gh");
  add_header(meta, "x-github-event", "issues");
  CHECK(delivery_event(Id(), meta, R"({"action":"opened"})").type == "github.issues.opened");
  CHECK(delivery_event(Id(), meta, R"([1])").type == "github.issues");
  CHECK(delivery_event(Id(), meta_of("x"), "1").type == "penstock.delivery");
}

TEST_CASE("data is cut out as it stands") {
  const std::string event = R"({"type":"t","data": {"n": 1.50} ,"x":1})";
  CHECK(event_as_read(event, "data") == R"({"n": 1.50})");
  CHECK(event_as_read(event, "envelope") == event);
  CHECK(event_as_read(event, "raw") == R"("{\"n\": 1.50}")");
  CHECK(event_as_read(R"({"type":"t"})", "data") == "null");
  CHECK(event_as_read(R"({"type":"t","data":"a\"b"})", "raw") == R"("a\"b")");
}

TEST_CASE("an event without a type is none") {
  CHECK(!read_event("{}").ok());
  CHECK(!read_event("[]").ok());
  CHECK(read_event(R"({"type":"a","source":"s","subject":"u"})")->subject == "u");
}

TEST_CASE("a signal names its run") {
  const Id run = Id::floor_of(1'700'000'000'000);
  const queue::CloudEvent event = signal_event(Id(), run, "approve", "", 1);
  CHECK(event.type == "penstock.signal.approve");
  CHECK(event.subject == run.text());
  CHECK(nlohmann::json::parse(event.json)["data"].empty());
}

}  // namespace
}  // namespace penstock::gateway
