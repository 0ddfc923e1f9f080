#include <doctest/doctest.h>

#include "gateway/config/fields.h"
#include "gateway/config/load.h"

using namespace penstock::gateway;

static ConfigSources flags(const std::string& name, std::vector<std::string> values) {
  ConfigSources sources;
  sources.flags[name] = {std::move(values), "--" + name};
  return sources;
}

static bool mentions(const std::vector<std::string>& lines, const std::string& word) {
  for (const std::string& line : lines) {
    if (line.find(word) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("the defaults are good and on loopback") {
  const LoadedConfig loaded = load_config({});
  CHECK(loaded.ok());
  CHECK(loaded.warnings.empty());
  CHECK(loaded.config.listen.is_loopback());
  CHECK(loaded.config.admin_listen.is_loopback());
  CHECK(loaded.config.executors >= 1);
}

TEST_CASE("a flag beats the environment and both say where they came from") {
  ConfigSources sources = flags("data", {"/from/flag"});
  sources.environment = {{"PENSTOCK_DATA", "/from/env"}, {"PENSTOCK_ATTEMPTS_MAX", "9"}};
  const LoadedConfig loaded = load_config(sources);
  CHECK(loaded.config.data == "/from/flag");
  CHECK(loaded.origins.at("data") == "--data");
  CHECK(loaded.config.attempts_max == 9);
  CHECK(loaded.origins.at("attempts_max") == "PENSTOCK_ATTEMPTS_MAX");
  CHECK_FALSE(loaded.origins.contains("listen"));
}

TEST_CASE("a value that cannot be read names its origin and all errors are told at once") {
  ConfigSources sources = flags("listen", {"nowhere"});
  sources.environment = {{"PENSTOCK_ATTEMPTS_MAX", "many"}, {"PENSTOCK_LOG_LEVEL", "debgu"}};
  const LoadedConfig loaded = load_config(sources);
  CHECK(loaded.errors.size() == 3);
  CHECK(mentions(loaded.errors, "--listen: listen: "));
  CHECK(mentions(loaded.errors, "PENSTOCK_ATTEMPTS_MAX: attempts_max: "));
  CHECK(mentions(loaded.errors, "did you mean \"debug\"?"));
}

TEST_CASE("a list of the environment is split at commas") {
  ConfigSources sources;
  sources.environment = {{"PENSTOCK_ALLOW_EGRESS", "10.0.0.0/8,fd00::/8"}};
  const LoadedConfig loaded = load_config(sources);
  CHECK(loaded.config.allow_egress == std::vector<std::string>{"10.0.0.0/8", "fd00::/8"});
}

TEST_CASE("an unknown name in the environment is a warning with the nearest one") {
  ConfigSources sources;
  sources.environment = {{"PENSTOCK_LISTN", "x"}, {"PENSTOCK_URL", "u"}, {"HOME", "h"}};
  const LoadedConfig loaded = load_config(sources);
  CHECK(loaded.ok());
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(mentions(loaded.warnings, "\"PENSTOCK_LISTEN\""));
}

TEST_CASE("a file's faults have their lines") {
  std::vector<std::string> errors;
  const RawValues values = parse_config_yaml(
      "data: /x\nlisen: 1\nexecutors: [1]\ndata: /y\ncacert:\nallow_egress: [10.0.0.0/8]\n",
      "f.yaml", errors);
  CHECK(errors.size() == 4);
  CHECK(mentions(errors, "f.yaml:2: unknown setting \"lisen\" – did you mean \"listen\"?"));
  CHECK(mentions(errors, "f.yaml:3: executors takes one value"));
  CHECK(mentions(errors, "f.yaml:4: data is set twice, first at f.yaml:1"));
  CHECK(mentions(errors, "f.yaml:5: cacert has no value"));
  CHECK(values.at("allow_egress").values.size() == 1);
}

TEST_CASE("a file that is not YAML, or no mapping, is an error and not a crash") {
  for (const char* text : {"a: [", "- 1\n- 2", "\"x", "a: &b *b", "{{{{", "? [x]\n: y"}) {
    CAPTURE(text);
    std::vector<std::string> errors;
    parse_config_yaml(text, "f", errors);
    CHECK_FALSE(errors.empty());
  }
}

TEST_CASE("an empty file sets nothing") {
  std::vector<std::string> errors;
  CHECK(parse_config_yaml("# only a comment\n", "f", errors).empty());
  CHECK(errors.empty());
}

TEST_CASE("the operators' listener is not opened to the world without TLS") {
  CHECK_FALSE(load_config(flags("admin_listen", {"0.0.0.0:8081"})).ok());
  CHECK_FALSE(load_config(flags("admin_listen", {"[::]:8081"})).ok());
  CHECK_FALSE(load_config(flags("admin_listen", {"127.evil.example:8081"})).ok());
  CHECK(load_config(flags("admin_listen", {"127.0.0.2:8081"})).ok());
  ConfigSources sources = flags("admin_listen", {"0.0.0.0:8081"});
  sources.flags["admin_tls_cert"] = {{"c"}, "--admin-tls-cert"};
  CHECK_FALSE(load_config(sources).ok());
  sources.flags["admin_tls_key"] = {{"k"}, "--admin-tls-key"};
  CHECK(load_config(sources).ok());
}

TEST_CASE(
    "the senders' listener without TLS on a public address is warned of, unless behind a proxy") {
  ConfigSources sources = flags("listen", {"0.0.0.0:8080"});
  CHECK(load_config(sources).warnings.size() == 1);
  sources.flags["behind_proxy"] = {{"true"}, "--behind-proxy"};
  CHECK(load_config(sources).warnings.empty());
}

TEST_CASE("executors from elsewhere need a token, and TLS on a public address") {
  ConfigSources sources = flags("worker_listen", {"0.0.0.0:7000"});
  CHECK(load_config(sources).errors.size() == 2);
  sources.flags["worker_token_file"] = {{"t"}, ""};
  sources.flags["worker_listen"] = {{"127.0.0.1:7000"}, ""};
  CHECK(load_config(sources).ok());
}

TEST_CASE("engines that are not there are refused by name") {
  CHECK(mentions(load_config(flags("queue", {"nats://h:1"})).errors, "not in this build yet"));
  CHECK_FALSE(load_config(flags("queue", {"sqlite"})).ok());
  CHECK(load_config(flags("queue", {"memory-only-for-tests"})).config.memory_queue());
}

TEST_CASE("egress networks and resolves are checked before they are handed on") {
  for (const char* good : {"10.0.0.0/8", "127.0.0.1", "::1/128", "fd00::/8"}) {
    CHECK_MESSAGE(load_config(flags("allow_egress", {good})).ok(), good);
  }
  for (const char* bad : {"all", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0/8", "/8"}) {
    CHECK_MESSAGE(!load_config(flags("allow_egress", {bad})).ok(), bad);
  }
  CHECK(load_config(flags("resolve", {"api.example:443:127.0.0.1:8443"})).ok());
  CHECK_FALSE(load_config(flags("resolve", {"api.example:443"})).ok());
}

TEST_CASE("the base URL is what triggers print") {
  CHECK(load_config({}).config.base_url() == "http://127.0.0.1:8080");
  CHECK(load_config(flags("listen", {"0.0.0.0:9"})).config.base_url() == "http://127.0.0.1:9");
  CHECK(load_config(flags("public_url", {"https://h.example/x/"})).config.base_url() ==
        "https://h.example/x");
  CHECK_FALSE(load_config(flags("public_url", {"ftp://h"})).ok());
}

TEST_CASE("every field's default reads back as itself") {
  const Config defaults;
  for (const Field& field : fields()) {
    CAPTURE(std::string(field.name));
    Config copy;
    const std::vector<std::string> shown = show(defaults, field);
    if (shown.empty()) continue;
    CHECK(assign(copy, field, shown).ok());
    CHECK(show(copy, field) == shown);
  }
}

TEST_CASE("names of flags and environment follow from the field's") {
  const Field* field = find_field("admin_listen");
  REQUIRE(field != nullptr);
  CHECK(field->flag() == "--admin-listen");
  CHECK(field->env() == "PENSTOCK_ADMIN_LISTEN");
  CHECK(find_field("no_such") == nullptr);
}
