// The audit log: its chain, and that a batch of events shares facts and a commit.
#include "queue/audit.h"

#include <doctest/doctest.h>

#include "driver.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

AuditPage audit_of(Driver& d, uint64_t before = 0, uint32_t limit = 100) {
  d.service->read_audit(before, limit, 5);
  ReadDone done = d.next_read();
  REQUIRE(done.status.ok());
  return std::get<AuditPage>(std::move(done.value));
}

}  // namespace

TEST_CASE("audit records ride the commit of the change and chain on across a restart") {
  const Scratch scratch;
  FakeClock clock;
  ServiceOptions options;
  options.data_dir = scratch.path() + "/data";
  {
    Driver d(options, clock);
    d.service->audit({"admin@::1", "trigger.create", "a", "{}"});
    d.service->define({{"trigger/a", "1"}}, 1);
    REQUIRE(d.next<Defined>());
    d.service->audit({"admin@::1", "trigger.set", "a", "{\"x\":1}"});
    d.flush();
  }
  Driver d(options, clock);
  d.service->audit({"admin@::1", "trigger.delete", "a", "{}"});
  d.flush();
  const AuditPage page = audit_of(d);
  REQUIRE(page.rows.size() == 3);
  CHECK(page.next == 0);
  CHECK(page.rows[0].record.action() == "trigger.delete");
  CHECK(page.rows[2].record.previous_hash().empty());
  for (size_t i = 0; i < 3; i++) {
    CHECK(page.rows[i].sequence == 3 - i);
    CHECK(audit_hash(page.rows[i].record) == page.rows[i].record.hash());
    if (i > 0) CHECK(page.rows[i - 1].record.previous_hash() == page.rows[i].record.hash());
  }
  const AuditPage two = audit_of(d, 0, 2);
  CHECK(two.next == 2);
  CHECK(audit_of(d, two.next, 2).rows[0].sequence == 1);
  CHECK(audit_of(d, 1).rows.empty());
}

TEST_CASE("the hash covers every field, and where one ends") {
  records::AuditRecord record;
  record.set_at_ms(5);
  record.set_who("ab");
  record.set_action("c");
  const std::string hash = audit_hash(record);
  CHECK(hash.size() == 32);
  record.set_who("a");
  record.set_action("bc");
  CHECK(audit_hash(record) != hash);
}

TEST_CASE("a batch shares facts and one commit, each item has what is its own") {
  const Scratch scratch;
  FakeClock clock;
  ServiceOptions options;
  options.data_dir = scratch.path() + "/data";
  options.queue_events_max = 3;
  Driver d(options, clock);
  records::EventMeta shared, own;
  shared.set_trigger("t");
  shared.set_source("/all");
  own.set_source("/own");
  std::vector<BatchItem> items(5);
  for (size_t i = 0; i < items.size(); i++) {
    items[i].body = Body(std::to_string(i));
    items[i].cookie = i;
  }
  items[1].meta = own.SerializeAsString();
  const auto [taken, why] = d.service->accept_batch(shared, items, false);
  CHECK(taken == 3);
  REQUIRE(why);
  CHECK(why->code == Code::kQueueFull);
  for (uint64_t i = 0; i < 3; i++) {
    const auto accepted = d.next<Accepted>();
    REQUIRE(accepted);
    CHECK(accepted->cookie == i);
    CHECK(accepted->position == i + 1);
    records::EventMeta meta;
    const RunRead read = d.read(accepted->id);
    REQUIRE(meta.ParseFromString(read.event->meta));
    CHECK(meta.source() == (i == 1 ? "/own" : "/all"));
    CHECK(meta.trigger() == "t");
    CHECK(read.event->body.view() == std::to_string(i));
  }
  CHECK(d.service->metrics().commits == 1);
}

}  // namespace penstock::queue
