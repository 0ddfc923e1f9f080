// Receipts: signed, checked, and of no use once a character changed.
#include "gateway/app/receipts.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace penstock::gateway;

namespace {

struct Folder {
  Folder() { path = mkdtemp(name); }
  ~Folder() {
    unlink((path + "/receipt-key").c_str());
    rmdir(path.c_str());
  }
  char name[32] = "/tmp/penstock-receipts-XXXXXX";
  std::string path;
};

}  // namespace

TEST_CASE("a receipt verifies with the published key, after a restart too, and only unchanged") {
  const Folder folder;
  const auto first = Receipts::open(folder.path), second = Receipts::open(folder.path);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  struct stat file;
  REQUIRE(stat((folder.path + "/receipt-key").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
  const Receipt receipt{"0193-id", "ab12", 7, "2026-01-01T00:00:00.000Z", "disk"};
  const std::string signature = first->sign(receipt);
  const auto keys = nlohmann::json::parse(second->key_set_json());
  CHECK(keys["keys"][0]["kid"] == first->key_id());
  const std::string key = keys["keys"][0]["x"];
  CHECK(Receipts::verify(key, signature, receipt.text()));
  Receipt other = receipt;
  other.position = 8;
  CHECK_FALSE(Receipts::verify(key, signature, other.text()));
  CHECK_FALSE(Receipts::verify(key, "?", receipt.text()));
  CHECK_FALSE(Receipts::verify("AAAA", signature, receipt.text()));
  const auto shown = nlohmann::json::parse(receipt.json(signature, first->key_id()));
  CHECK(shown["position"] == 7);
  CHECK(shown["signature"] == signature);
}
