// The keys by which deliveries flow, plain paths, rates, shared runs.
#include <doctest/doctest.h>

#include "gateway/app/flow_keys.h"
#include "gateway/app/key_path.h"
#include "gateway/app/rate_limits.h"
#include "gateway/app/single_flights.h"

namespace penstock::gateway {
namespace {

TEST_CASE("a plain path is told from what only jq can read") {
  for (const char* path : {".id", ".a.b_c", ".a[0].b", ".[\"a b\"]", ".a[\"b-c\"].d", ".[0]"})
    CHECK_MESSAGE(is_key_path(path), path);
  for (const char* path : {"", "id", ".", ".a|.b", ".a?", ".a[]", ".a[-1]", ".a[1:2]", "..", ".1",
                           ".\"a\"", ".a[\"\\(x)\"]", ".a .b", ".a-b", "$x.a", ".a[", ".a."})
    CHECK_MESSAGE(!is_key_path(path), path);
}

TEST_CASE("a plain path reads a key as it is written") {
  const Body body(R"({"id":"ev\u00e4 1","n":12345678901234567890123,"t":true,"x":null,"o":{},
    "a":[{"b c":1.50},"z"]})");
  const auto read = [&body](const char* path) { return read_key_path(body, path).value_or("-"); };
  CHECK(read(".id") == "ev\u00e4 1");
  CHECK(read(".n") == "12345678901234567890123");
  CHECK(read(".t") == "true");
  CHECK(read(".x") == "-");
  CHECK(read(".o") == "-");
  CHECK(read(".missing") == "-");
  CHECK(read(".a[0][\"b c\"]") == "1.50");
  CHECK(read(".a[1]") == "z");
  CHECK(read(".a[2]") == "-");
  CHECK(read(".id.more") == "-");
  CHECK(read_key_path(Body("[[7]]"), ".[0][0]") == "7");
  CHECK(!read_key_path(Body("7"), ".a"));
}

struct Incoming {
  records::TriggerDefinition trigger;
  records::EventMeta meta;
  Body body{R"({"id":"evt_1","event_id":"Ev1","order":{"id":7}})"};

  Incoming& with(std::string name, std::string value) {
    auto& header = *meta.add_headers();
    header.set_name(std::move(name));
    header.set_value(std::move(value));
    return *this;
  }
  std::string key() {
    REQUIRE(!set_flow_keys(trigger, body, 1'000, meta));
    return meta.dedup_key();
  }
};

TEST_CASE("the dedup key comes from the first of its sources") {
  Incoming all;
  all.with("x-github-delivery", "g").with("ce-id", "c").with("ce-source", "/s");
  all.with("webhook-id", "w").with("idempotency-key", "i");
  all.trigger.mutable_flow()->set_dedup_key(".order.id");
  CHECK(all.key() == "7");
  CHECK(all.meta.body_sha256().empty());
  CHECK(Incoming().with("webhook-id", "w").with("idempotency-key", "i").key() == "i");
  CHECK(Incoming().with("ce-id", "c").with("webhook-id", "w").key() == "w");
  CHECK(Incoming().with("ce-id", "c").with("ce-source", "/s").with("svix-id", "s").key() == "/s c");
  CHECK(Incoming().with("x-shopify-webhook-id", "s").key() == "s");
  CHECK(Incoming().key().empty());  // never the body
}

TEST_CASE("providers without a header are known by their preset") {
  Incoming stripe, slack;
  stripe.trigger.mutable_door()->set_verify("stripe");
  slack.trigger.mutable_door()->set_verify("slack");
  CHECK(stripe.key() == "evt_1");
  CHECK(slack.key() == "Ev1");
}

TEST_CASE("only an idempotency key binds its body") {
  Incoming keyed;
  keyed.with("idempotency-key", "i").key();
  CHECK(keyed.meta.body_sha256() == sha256_of(keyed.body.view()));
  Incoming raw;
  raw.meta.set_raw_body("a=1");
  raw.with("idempotency-key", "i").key();
  CHECK(raw.meta.body_sha256() == sha256_of("a=1"));
}

TEST_CASE("what an earlier stage set stays; off is off; too long is refused") {
  Incoming item;
  item.meta.set_dedup_key("batch#3");
  CHECK(item.with("idempotency-key", "i").key() == "batch#3");
  Incoming off;
  off.trigger.mutable_flow()->set_dedup_off(true);
  CHECK(off.with("idempotency-key", "i").key().empty());
  Incoming lengthy;
  lengthy.with("idempotency-key", std::string(2000, 'x'));
  CHECK(set_flow_keys(lengthy.trigger, lengthy.body, 1, lengthy.meta)->code == Code::kBadRequest);
}

TEST_CASE("lane, priority and delay are set as the trigger says") {
  Incoming flow;
  flow.trigger.mutable_flow()->set_lane(".order.id");
  flow.trigger.mutable_flow()->set_concurrency_key(".id");
  flow.trigger.mutable_flow()->set_priority(3);
  flow.trigger.mutable_flow()->set_delay_ms(500);
  flow.key();
  CHECK(flow.meta.lane() == "7");
  CHECK(flow.meta.concurrency_key() == "evt_1");
  CHECK(flow.meta.priority() == 3);
  CHECK(flow.meta.not_before_ms() == 1'500);
}

TEST_CASE("a token bucket lets a burst through and then its rate") {
  records::TriggerDefinition trigger;
  trigger.set_name("t");
  RateLimits rates;
  CHECK(!rates.refuse(trigger, 0));
  CHECK(!rates.state(trigger, 0));
  trigger.mutable_flow()->set_rate_per_s(2);
  trigger.mutable_flow()->set_rate_burst(4);
  for (int i = 0; i < 4; i++) CHECK(!rates.refuse(trigger, 1'000'000));
  const auto refused = rates.refuse(trigger, 1'000'000);
  REQUIRE(refused);
  CHECK(refused->status == 429);
  CHECK(refused->headers.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(refused->headers.find("RateLimit-Policy: \"default\";q=4;w=2\r\n") != std::string::npos);
  CHECK(refused->headers.find("RateLimit: \"default\";r=0;t=1\r\n") != std::string::npos);
  CHECK(rates.refuse(trigger, 1'400'000));
  CHECK(!rates.refuse(trigger, 1'500'000));
  CHECK(rates.state(trigger, 3'000'000)->remaining == 3);
  trigger.mutable_flow()->set_rate_burst(1);
  CHECK(!rates.refuse(trigger, 3'000'000));
  CHECK(rates.refuse(trigger, 3'000'000));
}

TEST_CASE("requests alike share a flight from acceptance to end") {
  SingleFlights flights;
  const Id run = Id::floor_of(1);
  CHECK(!flights.find("k"));
  flights.begin("k", 1);
  CHECK(flights.find("k")->is_zero());
  flights.join("k", 2);
  CHECK(flights.accepted(1, run) == std::vector<queue::Cookie>{2});
  CHECK(*flights.find("k") == run);
  CHECK(flights.accepted(9, run).empty());
  flights.ended(run);
  CHECK(!flights.find("k"));
  CHECK(flights.idle());
}

}  // namespace
}  // namespace penstock::gateway
