// What happens when the disk says no: a failed sync ends it, a full disk is waited out.
#include "faulty_disk.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "driver.h"
#include "queue/rocks_store.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

struct Faulty {
  Result<std::unique_ptr<Store>> store() {
    return open_rocks_store({scratch.path() + "/data", false, std::make_shared<FaultyDisk>(faults)});
  }
  Scratch scratch;
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
  SystemClock clock;
};

TEST_CASE("after a failed sync nothing is acknowledged, and nothing acknowledged is lost") {
  for (int64_t nth = 0; nth < 12; nth++) {
    CAPTURE(nth);
    Faulty disk;
    std::set<Id> acknowledged;
    {
      Driver d({}, disk.clock, disk.store());
      REQUIRE(d.status.ok());
      disk.faults->syncs_left = nth;
      for (int i = 0; i < 40 && d.turned.ok(); i++) {
        for (int burst = 0; burst < 3; burst++) d.service->accept(new_event("{}"), 0);
        d.flush();
      }
      CHECK(d.turned.fault() == Fault::kIo);
      CHECK(!d.service->writable());
      CHECK(std::holds_alternative<Rejected>(d.service->accept(new_event("{}"), 0)));
      const size_t told = d.actions.size();
      for (int i = 0; i < 20; i++) d.turn();
      CHECK(d.actions.size() == told);
      for (const Action& action : d.actions) acknowledged.insert(std::get<Accepted>(action).id);
    }
    disk.faults->syncs_left = INT64_MAX;
    Driver d({}, disk.clock, disk.store());
    REQUIRE_MESSAGE(d.status.ok(), d.status.message());
    for (const Id id : acknowledged) CHECK(d.read(id).status == records::QUEUED);
  }
}

TEST_CASE("a full disk holds acknowledgements back, and everything goes on once there is room") {
  for (const int64_t bytes : {0, 40, 3000, 20000}) {
    CAPTURE(bytes);
    Faulty disk;
    std::set<Id> sent;
    {
      Driver d({}, disk.clock, disk.store());
      REQUIRE(d.status.ok());
      for (int i = 0; i < 5; i++) sent.insert(d.send(std::string(500, 'x')));
      d.actions.clear();
      disk.faults->bytes_left = bytes;
      for (int i = 0; i < 60; i++) {
        const auto answer = d.service->accept(new_event(std::string(500, 'x')), 0);
        if (const Id* id = std::get_if<Id>(&answer)) sent.insert(*id);
        d.turn();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      CHECK(!d.service->writable());
      CHECK(d.turned.ok());
      const auto refused = d.service->accept(new_event("{}"), 0);
      REQUIRE(std::holds_alternative<Rejected>(refused));
      CHECK(std::get<Rejected>(refused).code == Code::kStorageUnavailable);
      CHECK(!d.service->flushed());
      disk.faults->bytes_left = INT64_MAX;
      for (int i = 0; i < 3000 && !(d.service->flushed() && d.service->writable()); i++) {
        d.turn();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      REQUIRE(d.turned.ok());
      CHECK(d.service->flushed());
      CHECK(d.service->writable());
      sent.insert(d.send());
    }
    Driver d({}, disk.clock, disk.store());
    REQUIRE_MESSAGE(d.status.ok(), d.status.message());
    CHECK(d.service->counters().accepted == sent.size());
    for (const Id id : sent) CHECK(d.read(id).status == records::QUEUED);
  }
}

}  // namespace
}  // namespace penstock::queue
