#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "gateway/app/credentials.h"
#include "gateway/app/trigger_settings.h"
#include "gateway/app/vault.h"

namespace penstock::gateway {
namespace {

using Json = nlohmann::ordered_json;

class Settings {
 public:
  std::string read(const char* json) {
    TriggerEdit edit{trigger, config, catalog, 0, *vault, *credentials};
    return read_settings(Json::parse(json), edit);
  }
  Json show() {
    Json out = Json::object();
    show_settings(trigger, config, out);
    return out;
  }
  records::TriggerDefinition trigger;
  Config config;
  Catalog catalog;

 private:
  struct Folder {
    Folder() { REQUIRE(mkdtemp(path)); }
    ~Folder() { std::filesystem::remove_all(path); }
    char path[32] = "/tmp/penstock-test-XXXXXX";
  };
  Folder folder_;
  Result<Vault> vault = Vault::open(folder_.path);
  Result<Credentials> credentials = Credentials::open(folder_.path);
};

TEST_CASE("a variable is an expression, or an object with more; others stay") {
  Settings s;
  CHECK(s.read(R"({"variables":{"a":".a","b":{"expression":".b","required":true,"default":[1]}}})")
            .empty());
  CHECK(s.read(R"({"variables":{"a":{"required":true}}})").empty());
  const Json shown = s.show()["variables"];
  CHECK(shown["a"] == Json::parse(R"({"expression":".a","required":true})"));
  CHECK(shown["b"]["default"] == Json::parse("[1]"));
  CHECK(s.read(R"({"variables":{"a":null}})").empty());
  CHECK(s.trigger.mapping().variables_size() == 1);
  CHECK(s.read(R"({"variables":null})").empty());
  CHECK(s.trigger.mapping().variables_size() == 0);
}

TEST_CASE("what makes no variable is refused by name") {
  Settings s;
  for (const auto bad :
       {R"({"variables":5})", R"({"variables":{"a b":".x"}})", R"({"variables":{"1a":".x"}})",
        R"({"variables":{"a":""}})", R"({"variables":{"a":{"required":true}}})",
        R"({"variables":{"a":{"expresion":".x"}}})", R"({"variables":{"a":7}})",
        R"({"schema":"text"})", R"({"filter":5})", R"({"samples_max":9999})"})
    CHECK_MESSAGE(!s.read(bad).empty(), bad);
  CHECK(s.read(R"({"variables":{"a":{"expresion":".x"}}})").find("expression") !=
        std::string::npos);
}

TEST_CASE("filter, schema and the number of samples are set and shown") {
  Settings s;
  CHECK(s.read(R"({"filter":".ok","schema":{"type":"object"},"samples_max":5})").empty());
  CHECK(s.show()["filter"] == ".ok");
  CHECK(s.show()["schema"]["type"] == "object");
  CHECK(s.show()["samples_max"] == 5);
  CHECK(s.read(R"({"filter":null,"schema":null,"samples_max":null})").empty());
  CHECK(s.show()["filter"].is_null());
  CHECK(s.show()["schema"].is_null());
  CHECK(s.show()["samples_max"] == 20);
}

}  // namespace
}  // namespace penstock::gateway
