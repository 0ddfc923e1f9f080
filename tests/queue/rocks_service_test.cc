// What only a disk can show: restarts, kills, torn and damaged files.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>

#include "driver.h"
#include "life.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

namespace fs = std::filesystem;

struct Disk {
  Disk() { options.data_dir = scratch.path() + "/data"; }
  std::vector<fs::path> files(std::string_view extension) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(options.data_dir + "/store"))
      if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }
  /// The newest log that has anything in it.
  fs::path log() const {
    auto logs = files(".log");
    while (logs.size() > 1 && fs::file_size(logs.back()) == 0) logs.pop_back();
    return logs.back();
  }
  Scratch scratch;
  ServiceOptions options;
  FakeClock clock;
};

ServiceOptions life_options() {
  ServiceOptions options;
  options.data_dir = life_folder();
  return options;
}

TEST_CASE("life: six events in six commits" * doctest::skip()) {
  FakeClock clock;
  Driver d(life_options(), clock);
  for (int i = 0; i < 6; i++) d.send("event " + std::to_string(i));
  die();
}

/// A folder with six acknowledged events, left by a killed process.
struct Killed : Disk {
  Killed() { Life("six events in six commits", options.data_dir).told(); }
};

void append(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

TEST_CASE("life: four runs in four states" * doctest::skip()) {
  FakeClock clock;
  Driver d(life_options(), clock);
  d.service->worker_joined(1, 3);
  Id ids[4];
  for (Id& id : ids) tell(id = d.send("body"));
  std::map<Id, uint64_t> fences;
  for (int i = 0; i < 3; i++) {
    auto dispatch = d.next<Dispatch>();
    fences[dispatch->event->id] = dispatch->fence;
  }
  d.service->worker_draining(1);
  d.service->finished(1, ids[0], fences[ids[0]], outcome());
  d.service->journal(1, ids[1], fences[ids[1]], 0, "step");
  d.service->park(1, ids[2], fences[ids[2]], clock.wall_ms() + 5000);
  d.flush();
  die();
}

TEST_CASE("what was acknowledged is there after kill -9, in every state") {
  Disk disk;
  const std::vector<Id> ids = Life("four runs in four states", disk.options.data_dir).told();
  REQUIRE(ids.size() == 4);
  Driver d(disk.options, disk.clock);
  REQUIRE_MESSAGE(d.status.ok(), d.status.message());
  const Counters c = d.service->counters();
  CHECK(c.accepted == 4);
  CHECK(c.succeeded == 1);
  CHECK(c.waiting == 1);
  CHECK(c.queued == 2);
  CHECK(d.read(ids[0]).status == records::SUCCEEDED);
  CHECK(d.read(ids[2]).status == records::WAITING);
  CHECK(d.read(ids[3]).status == records::QUEUED);
  d.service->worker_joined(1, 9);
  std::set<Id> back;
  for (int i = 0; i < 2; i++) {
    auto dispatch = d.next<Dispatch>();
    REQUIRE(dispatch);
    back.insert(dispatch->event->id);
    CHECK(dispatch->attempt == 1);
    CHECK(dispatch->fence > 3);
    CHECK(dispatch->event->body.view() == "body");
    if (dispatch->event->id == ids[1]) CHECK(dispatch->journal == std::vector<std::string>{"step"});
  }
  CHECK(back == std::set<Id>{ids[1], ids[3]});
  disk.clock.advance(5000);
  CHECK(d.next<Dispatch>()->event->id == ids[2]);
}

TEST_CASE("an expired result says so after a restart too") {
  Disk disk;
  disk.options.result_retention_ms = 1000;
  Id id;
  {
    Driver d(disk.options, disk.clock);
    d.service->worker_joined(1, 1);
    id = d.send();
    d.service->finished(1, id, d.next<Dispatch>()->fence, outcome());
    REQUIRE(d.next<Ended>());
    for (int i = 0; i < 70; i++) {
      disk.clock.advance(1000);
      d.turn();
    }
    for (int i = 0; i < 20; i++) d.send();  // time for the sweep to be written
  }
  Driver d(disk.options, disk.clock);
  const RunRead read = d.read(id);
  CHECK(read.expired);
  CHECK(read.event != nullptr);
  CHECK(read.result == nullptr);
}

TEST_CASE("a second process is told that the folder is taken") {
  Disk disk;
  Driver first(disk.options, disk.clock);
  REQUIRE(first.status.ok());
  Driver second(disk.options, disk.clock);
  CHECK(second.status.fault() == Fault::kUnavailable);
}

TEST_CASE("junk, zeros and half a record behind the log are cut off, nothing else goes") {
  for (const std::string& tail :
       {std::string(4096, '\0'), std::string("junk junk junk"), std::string(1, '\x01')}) {
    Killed disk;
    append(disk.log(), tail);
    Driver d(disk.options, disk.clock);
    REQUIRE_MESSAGE(d.status.ok(), d.status.message());
    CHECK(d.service->counters().accepted == 6);
    d.send();
  }
}

TEST_CASE("a log cut within what was acknowledged is refused, and says what is missing") {
  for (const uintmax_t cut : {1, 100, 300}) {
    Killed disk;
    const fs::path log = disk.log();
    fs::resize_file(log, fs::file_size(log) - cut);
    {
      Driver d(disk.options, disk.clock);
      REQUIRE(d.status.fault() == Fault::kCorrupt);
      CHECK(d.status.message().find("to 6 were acknowledged") != std::string::npos);
    }
    disk.options.accept_loss = true;
    Driver d(disk.options, disk.clock);
    REQUIRE_MESSAGE(d.status.ok(), d.status.message());
    const Counters c = d.service->counters();
    CHECK(c.accepted < 6);
    CHECK(c.accepted == c.queued);
    d.send();
  }
}

TEST_CASE("a store whose files are gone is not taken for a new one") {
  Killed disk;
  SUBCASE("all of them") { fs::remove_all(disk.options.data_dir + "/store"); }
  SUBCASE("the first") { fs::remove(disk.options.data_dir + "/store/CURRENT"); }
  SUBCASE("the log") { fs::remove(disk.log()); }
  SUBCASE("the watermark") { fs::remove(disk.options.data_dir + "/watermark"); }
  Driver d(disk.options, disk.clock);
  CHECK(!d.status.ok());
}

/// Reads all there is; true when everything is as it was sent, false when something is reported.
bool all_well(Disk& disk, int count) {
  Driver d(disk.options, disk.clock);
  if (!d.status.ok()) return false;
  if (d.service->counters().accepted != static_cast<uint64_t>(count)) return false;
  d.service->worker_joined(1, 100);
  std::set<std::string> bodies;
  while (bodies.size() < static_cast<size_t>(count)) {
    auto dispatch = d.next<Dispatch>();
    if (!dispatch) return false;
    bodies.emplace(dispatch->event->body.view());
  }
  for (int i = 0; i < count; i++)
    CHECK_MESSAGE(bodies.count("event " + std::to_string(i)), "silently changed");
  return true;
}

void flip(const fs::path& path, uint64_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bit / 8));
  const char byte = static_cast<char>(file.get() ^ (1 << (bit % 8)));
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(byte);
}

void flip_many(const std::function<fs::path(Disk&, size_t)>& which, int times) {
  Killed original;
  { Driver settle(original.options, original.clock); }  // recovers into table files
  {
    Disk untouched;
    fs::copy(original.options.data_dir, untouched.options.data_dir, fs::copy_options::recursive);
    REQUIRE(all_well(untouched, 6));
  }
  int reported = 0;
  for (int i = 0; i < times; i++) {
    Disk damaged;
    fs::copy(original.options.data_dir, damaged.options.data_dir, fs::copy_options::recursive);
    const fs::path path = which(damaged, static_cast<size_t>(i));
    const uint64_t bits = fs::file_size(path) * 8;
    flip(path, (static_cast<uint64_t>(i) * 7919 + 13) % bits);
    CAPTURE(i);
    if (!all_well(damaged, 6)) reported++;
  }
  MESSAGE(reported << " of " << times << " reported, the others harmless");
}

TEST_CASE("bits flipped in tables, manifest and CURRENT are reported or harmless, never silent") {
  flip_many([](Disk& disk, size_t i) {
    const auto tables = disk.files(".sst");  // of events and of the position, in turn
    return tables[i % tables.size()];
  }, 20);
  flip_many([](Disk& disk, size_t) {
    for (const auto& entry : fs::directory_iterator(disk.options.data_dir + "/store"))
      if (entry.path().filename().string().starts_with("MANIFEST")) return entry.path();
    return fs::path();
  }, 12);
  flip_many([](Disk& disk, size_t) { return fs::path(disk.options.data_dir + "/store/CURRENT"); }, 12);
}

TEST_CASE("a bit flipped anywhere in the log is reported") {
  Killed original;
  const uint64_t bits = fs::file_size(original.log()) * 8;
  for (uint64_t i = 0; i < 25; i++) {
    Disk damaged;
    fs::copy(original.options.data_dir, damaged.options.data_dir, fs::copy_options::recursive);
    flip(damaged.log(), (i * 104729 + 7) % bits);
    CAPTURE(i);
    Driver d(damaged.options, damaged.clock);
    CHECK(d.status.fault() == Fault::kCorrupt);
  }
}

TEST_CASE("life: sends and works as fast as it can" * doctest::skip()) {
  FakeClock clock;
  Driver d(life_options(), clock);
  REQUIRE_MESSAGE(d.status.ok(), d.status.message());
  d.service->worker_joined(1, 4);
  for (;;) {
    if (d.service->counters().queued < 500)
      for (int i = 0; i < 20; i++) d.service->accept(new_event("{}"), 0);
    d.turn();
    for (const Action& action : std::exchange(d.actions, {})) {
      if (const auto* accepted = std::get_if<Accepted>(&action)) tell(accepted->id);
      if (const auto* dispatch = std::get_if<Dispatch>(&action))
        d.service->finished(1, dispatch->event->id, dispatch->fence, outcome());
    }
  }
}

TEST_CASE("a process killed at any moment keeps all that it acknowledged") {
  Disk disk;
  std::set<Id> acknowledged;
  for (size_t round = 0; round < 8; round++) {
    Life life("sends and works as fast as it can", disk.options.data_dir);
    for (const Id id : life.told(1 + round * round * 29)) acknowledged.insert(id);
  }
  REQUIRE(acknowledged.size() > 100);
  Driver d(disk.options, disk.clock);
  REQUIRE_MESSAGE(d.status.ok(), d.status.message());
  for (const Id id : acknowledged) REQUIRE(d.read(id).status != records::UNKNOWN);
  d.service->worker_joined(1, 1000);
  while (auto dispatch = d.next<Dispatch>()) {
    d.service->finished(1, dispatch->event->id, dispatch->fence, outcome());
    std::erase_if(d.actions, [](const Action& a) { return !std::holds_alternative<Dispatch>(a); });
    const Counters c = d.service->counters();
    CHECK(c.accepted == c.queued + c.running + c.succeeded);
    if (c.queued + c.running == 0) break;
  }
  CHECK(d.service->counters().accepted == d.service->counters().succeeded);
}

}  // namespace
}  // namespace penstock::queue
