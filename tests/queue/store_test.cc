// The Store contract, on both engines.
#include "queue/store.h"

#include <doctest/doctest.h>

#include <thread>

#include "queue/memory_store.h"
#include "queue/rocks_store.h"
#include "samples.h"
#include "scratch.h"

namespace penstock::queue {
namespace {

struct Stores {
  Stores() {
    auto rocks = open_rocks_store({scratch.path() + "/data", false, nullptr});
    REQUIRE(rocks.ok());
    all.push_back(std::make_unique<MemoryStore>());
    all.push_back(*std::move(rocks));
  }
  Scratch scratch;
  std::vector<std::unique_ptr<Store>> all;
};

WriteSet puts(uint64_t sequence, Family family, const std::vector<std::string>& keys) {
  WriteSet set;
  set.sequence = sequence;
  for (const std::string& key : keys) set.put(family, key, "value of " + key);
  return set;
}

std::string walk(const View& view, Family family) {
  std::string keys;
  const auto cursor = view.cursor(family);
  for (cursor->seek({}); cursor->valid(); cursor->next()) keys += cursor->key();
  return keys;
}

TEST_CASE("what is written is read, in its family alone") {
  for (const auto& store : Stores().all) {
    REQUIRE(store->write(puts(1, Family::kLive, {"a"}), Sync::kYes).ok());
    const auto view = store->view();
    CHECK(**view->get(Family::kLive, "a") == "value of a");
    CHECK(!*view->get(Family::kResults, "a"));
    CHECK(!*view->get(Family::kLive, "b"));
  }
}

TEST_CASE("cursors walk both ways and seek to either side") {
  Stores stores;
  for (const auto& store : stores.all) {
    REQUIRE(store->write(puts(1, Family::kEvents, {"b", "d", "f"}), Sync::kYes).ok());
    const auto view = store->view();
    const auto cursor = view->cursor(Family::kEvents);
    cursor->seek("c");
    CHECK(cursor->key() == "d");
    cursor->seek_back("c");
    CHECK(cursor->key() == "b");
    cursor->seek_back("d");
    CHECK(cursor->key() == "d");
    cursor->next();
    CHECK(cursor->key() == "f");
    cursor->next();
    CHECK(!cursor->valid());
    cursor->last();
    CHECK(cursor->key() == "f");
    cursor->seek_back("a");
    CHECK(!cursor->valid());
    CHECK(cursor->status().ok());
  }
}

TEST_CASE("a view does not see later writes") {
  Stores stores;
  const auto& rocks = stores.all[1];  // the memory engine holds writers off instead
  REQUIRE(rocks->write(puts(1, Family::kEvents, {"a"}), Sync::kYes).ok());
  const auto view = rocks->view();
  REQUIRE(rocks->write(puts(2, Family::kEvents, {"b"}), Sync::kYes).ok());
  CHECK(walk(*view, Family::kEvents) == "a");
  CHECK(walk(*rocks->view(), Family::kEvents) == "ab");
}

TEST_CASE("writes of one set are applied in order") {
  Stores stores;
  for (const auto& store : stores.all) {
    WriteSet set = puts(1, Family::kLive, {"a", "b", "c", "d"});
    set.erase(Family::kLive, "a");
    set.erase_range(Family::kLive, "b", "d");
    set.put(Family::kLive, "c", "again");
    REQUIRE(store->write(set, Sync::kYes).ok());
    const auto view = store->view();
    CHECK(walk(*view, Family::kLive) == "cd");
    CHECK(**view->get(Family::kLive, "c") == "again");
  }
}

TEST_CASE("an empty or backward range erases nothing") {
  Stores stores;
  for (const auto& store : stores.all) {
    REQUIRE(store->write(puts(1, Family::kLive, {"a", "b"}), Sync::kYes).ok());
    WriteSet set;
    set.sequence = 2;
    set.erase_range(Family::kLive, "b", "b");
    REQUIRE(store->write(set, Sync::kYes).ok());
    CHECK(walk(*store->view(), Family::kLive) == "ab");
  }
}

TEST_CASE("healing says what is on disk") {
  Stores stores;
  for (const auto& store : stores.all) {
    Batch batch;
    batch.definitions.push_back({"k", "v"});
    REQUIRE(write_batch(*store, 1, batch).ok());
    const auto kept = store->heal();
    REQUIRE(kept.ok());
    CHECK(*kept == 1);
    CHECK(write_batch(*store, 2, batch).ok());
    CHECK(*store->heal() == 2);
  }
}

}  // namespace
}  // namespace penstock::queue
