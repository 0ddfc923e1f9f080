#include "gateway/app/credentials.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace penstock::gateway {
namespace {

struct Folder {
  Folder() { path = mkdtemp(pattern); }
  ~Folder() {
    for (const auto name : {"/secret-key", "/admin-token"}) remove((path + name).c_str());
    rmdir(path.c_str());
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path + "/" + name);
    std::string line;
    std::getline(in, line);
    return line;
  }
  char pattern[32] = "/tmp/penstock-test-XXXXXX";
  std::string path;
};

TEST_CASE("the first start makes the secrets, readable by their owner only; later ones keep them") {
  Folder folder;
  REQUIRE(Credentials::open(folder.path).ok());
  const std::string token = folder.read("admin-token");
  CHECK(token.size() > 40);
  struct stat facts;
  REQUIRE(stat((folder.path + "/admin-token").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  const auto again = Credentials::open(folder.path);
  REQUIRE(again.ok());
  CHECK(again->is_admin(token));
  CHECK(!again->is_admin(token + "x"));
  CHECK(!again->is_admin(""));
}

TEST_CASE("an API key opens by its hash, and the hash does not show it") {
  Folder folder;
  const auto credentials = Credentials::open(folder.path);
  REQUIRE(credentials.ok());
  const std::string key = Credentials::make_secret("psk_");
  records::TriggerDefinition trigger;
  *trigger.add_keys() = credentials->stored_key(key, 1);
  CHECK(credentials->matches(trigger.keys(), key));
  CHECK(!credentials->matches(trigger.keys(), key.substr(1)));
  CHECK(!credentials->matches(records::TriggerDefinition().keys(), key));
  CHECK(trigger.SerializeAsString().find(key) == std::string::npos);
}

TEST_CASE("a damaged key file is refused, not replaced") {
  Folder folder;
  std::ofstream(folder.path + "/secret-key") << "short";
  CHECK(Credentials::open(folder.path).status().fault() == Fault::kCorrupt);
}

}  // namespace
}  // namespace penstock::gateway
