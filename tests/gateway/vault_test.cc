#include "gateway/app/vault.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "gateway/app/secrets.h"

namespace penstock::gateway {

namespace {

struct Folder {
  Folder() {
    char path[] = "/tmp/penstock-vault-XXXXXX";
    REQUIRE(mkdtemp(path));
    name = path;
  }
  ~Folder() { std::filesystem::remove_all(name); }
  Vault open() const {
    auto vault = Vault::open(name);
    REQUIRE(vault.ok());
    return *std::move(vault);
  }
  std::string name;
};

}  // namespace

TEST_CASE("a secret opens for what it was sealed for, and for nothing else") {
  const Folder folder;
  const Vault vault = folder.open();
  const auto sealed = vault.seal("secret/a", "s3cr3t", 5);
  CHECK(sealed.sealed().find("s3cr3t") == std::string::npos);
  CHECK(*vault.unseal("secret/a", sealed) == "s3cr3t");
  CHECK(vault.unseal("secret/b", sealed).status().fault() == Fault::kCorrupt);
}

TEST_CASE("the same value sealed twice looks different") {
  const Folder folder;
  const Vault vault = folder.open();
  CHECK(vault.seal("x", "value", 1).sealed() != vault.seal("x", "value", 1).sealed());
}

TEST_CASE("a sealed secret that was changed, cut or claims another key does not open") {
  const Folder folder;
  const Vault vault = folder.open();
  const auto sealed = vault.seal("x", "value", 1);
  for (size_t at = 0; at < sealed.sealed().size(); at++) {
    auto changed = sealed;
    (*changed.mutable_sealed())[at] ^= 1;
    CHECK(!vault.unseal("x", changed).ok());
    changed.set_sealed(sealed.sealed().substr(0, at));
    CHECK(!vault.unseal("x", changed).ok());
  }
  auto other = sealed;
  other.set_key_version(2);
  CHECK(!vault.unseal("x", other).ok());
}

TEST_CASE("the key file is its owner's only, and the next start reads the same keys") {
  const Folder folder;
  const auto sealed = folder.open().seal("x", "value", 1);
  struct stat facts {};
  REQUIRE(stat((folder.name + "/vault-keys").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(*folder.open().unseal("x", sealed) == "value");
}

TEST_CASE("a rotation opens old and new until the old keys are forgotten") {
  const Folder folder;
  Vault vault = folder.open();
  auto sealed = vault.seal("x", "value", 1);
  const auto old = sealed;
  REQUIRE(vault.add_key().ok());
  CHECK(*vault.unseal("x", old) == "value");
  REQUIRE(vault.reseal("x", sealed).ok());
  CHECK(sealed.key_version() == 2);
  CHECK(sealed.created_at_ms() == 1);
  CHECK(*folder.open().unseal("x", old) == "value");  // a crash here loses nothing
  REQUIRE(vault.forget_old_keys().ok());
  CHECK(!vault.unseal("x", old).ok());
  CHECK(*folder.open().unseal("x", sealed) == "value");
}

TEST_CASE("a damaged key file stops the start instead of making new keys") {
  const Folder folder;
  (void)folder.open();
  for (const char* text : {"", "1 00\n", "x 00\n", "0 00\n", "1\n"}) {
    std::ofstream(folder.name + "/vault-keys") << text;
    CHECK(Vault::open(folder.name).status().fault() == Fault::kCorrupt);
  }
}

TEST_CASE("a rekey seals secrets and those of triggers anew") {
  const Folder folder;
  Vault vault = folder.open();
  Secrets secrets(vault);
  Catalog catalog;
  Writes writes;
  CHECK(secrets.put("api-key", "value-1", 1, writes) == "");
  records::TriggerDefinition trigger;
  trigger.set_name("t");
  *trigger.mutable_door()->add_secrets() = vault.seal(trigger_purpose("t", "verify"), "whsec", 1);
  catalog.put_trigger(trigger, writes);
  catalog.put_trigger(trigger, writes);  // and a version to go back to
  writes.clear();
  REQUIRE(secrets.rekey(catalog, writes).ok());
  CHECK(writes.size() == 3);
  REQUIRE(secrets.rekeyed().ok());
  CHECK(secrets.opened()->values(0).value() == "value-1");
  REQUIRE(catalog.trigger_versions("t").size() == 2);
  for (const TriggerPtr& version : catalog.trigger_versions("t")) {
    const auto& kept = version->door().secrets(0);
    CHECK(kept.key_version() == 2);
    CHECK(*vault.unseal(trigger_purpose("t", "verify"), kept) == "whsec");
  }
  CHECK(catalog.trigger("t")->version() == 2);
}

TEST_CASE("a secret's name is one that a workflow can write") {
  for (const char* good : {"a", "apiKey", "OPENAI_KEY", "a-b", "a.b"}) CHECK(is_secret_name(good));
  for (const char* bad : {"", "a b", "a/b", "-a", ".a", "é"}) CHECK(!is_secret_name(bad));
}

}  // namespace penstock::gateway
