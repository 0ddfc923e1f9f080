#include <doctest/doctest.h>

#include "gateway/cli/command.h"
#include "gateway/cli/api_client.h"
#include "gateway/cli/delegate.h"
#include "gateway/cli/event_query.h"
#include "gateway/cli/input.h"
#include "gateway/cli/json.h"
#include "gateway/cli/raw_json.h"
#include "gateway/cli/table.h"
#include "gateway/cli/trigger_flags.h"

using namespace penstock;
using namespace penstock::gateway;

static const Console plain{Console::Plain{}};

TEST_CASE("a table is aligned by width, not by bytes, and has no blanks at the ends") {
  Table table({"NAME", "N"});
  table.row({"é", "1"});
  table.row({"long name", ""});
  CHECK(table.text(plain) == "NAME       N\né          1\nlong name\n");
}

TEST_CASE("what a sender chose cannot drive the terminal") {
  CHECK(harmless("a\x1b[2Jb\n") == "a?[2Jb?");
  CHECK(harmless("\xc2\x9b"
                 "2J") == "?2J");
  CHECK(harmless("é…") == "é…");
}

TEST_CASE("missing members read as empty") {
  const JsonDocument document = *JsonDocument::parse(R"({"a":{"b":"x"},"n":7,"z":null})");
  const JsonView root = document.root();
  CHECK(root["a"]["b"].text() == "x");
  CHECK(root["a"]["b"]["c"]["d"].text().empty());
  CHECK(root["n"].number() == 7);
  CHECK(root["n"].text() == "7");
  CHECK_FALSE(root["z"].exists());
  CHECK(root["a"].items().empty());
  CHECK_FALSE(JsonDocument::parse("{\"a\":").ok());
}

TEST_CASE("an object is built with its strings escaped") {
  CHECK(JsonObject().str() == "{}");
  CHECK(JsonObject().text("a\"", "x\n").number("n", 1).boolean("b", false).raw("r", "[]").str() ==
        R"({"a\"":"x\n","n":1,"b":false,"r":[]})");
}

TEST_CASE("names are percent-encoded into paths") {
  CHECK(url_encoded("a/b?c=ä") == "a%2Fb%3Fc%3D%C3%A4");
  CHECK(url_encoded("A-z_0.~") == "A-z_0.~");
}

// What the flags of one command line make of a request.
static Result<std::string> trigger_request(std::vector<const char*> line) {
  CommandLine command_line("penstock", "", "1");
  TriggerFlags flags;
  Command create = command_line.root().sub("create", "");
  flags.add_to(create);
  create.action([] { return 0; });
  line.insert(line.begin(), {"penstock", "create"});
  if (command_line.run(static_cast<int>(line.size()), line.data()) != 0)
    return Status::invalid("the line was refused");
  JsonObject object;
  const Status status = flags.write(object);
  if (!status.ok()) return status;
  return object.str();
}

TEST_CASE("a trigger's flags make its request") {
  const Result<std::string> body =
      trigger_request({"--workflow", "flow@3", "--wait", "1500ms", "--body-bytes-max", "64KiB"});
  REQUIRE(body.ok());
  const JsonDocument document = *JsonDocument::parse(*body);
  const JsonView root = document.root();
  CHECK(root["workflow"].text() == "flow");
  CHECK(root["workflow_version"].number() == 3);
  CHECK(root["reply"].is_true());
  CHECK(root["reply_wait_ms"].number() == 1500);
  CHECK(root["body_bytes_max"].number() == 65536);
  CHECK_FALSE(root["require_key"].exists());
}

TEST_CASE("a trigger's flags that make no sense are refused by name") {
  CHECK(trigger_request({"--workflow", "flow@newest"}).status().message().starts_with("--workflow"));
  CHECK(trigger_request({"--workflow", "flow", "--wait", "soon"})
            .status()
            .message()
            .starts_with("--wait"));
}

TEST_CASE("filters become an encoded query") {
  EventQuery query;
  query.trigger = "a&b";
  query.since = "1s";
  query.limit = "5";
  CHECK(*query.text(1'000) == "?trigger=a%26b&since=1970-01-01T00%3A00%3A00.000Z&limit=5");
  query.status = "ded";
  CHECK(query.text(0).status().message().find("\"dead\"") != std::string::npos);
}

TEST_CASE("a since that is no duration is handed on as it is") {
  CHECK(since_time("2026-01-31T12:00:00Z", 5) == "2026-01-31T12:00:00Z");
  CHECK(since_time("2s", 1'700'000'002'345) == "2023-11-14T22:13:20.345Z");
}

TEST_CASE("a wait is bounded, and a bare number is seconds") {
  CHECK(*read_wait("30") == 30'000);
  CHECK(*read_wait("500ms") == 500);
  CHECK_FALSE(read_wait("2h").ok());
}

TEST_CASE("the executor's commands are handed over whole, the others are ours") {
  const char* lint[] = {"penstock", "workflow", "lint", "--json", "a.yaml"};
  CHECK(executor_arguments(5, lint) ==
        std::vector<std::string>{"workflow-lint", "--json", "a.yaml"});
  const char* jq[] = {"penstock", "jq", "--help"};
  CHECK(executor_arguments(3, jq) == std::vector<std::string>{"jq", "--help"});
  const char* list[] = {"penstock", "workflow", "list"};
  CHECK(executor_arguments(3, list).empty());
  CHECK(executor_arguments(0, list).empty());
}

TEST_CASE("a member is cut out of an object as it stands there") {
  const std::string_view text =
      R"({"a":{"body":1,"s":"}\",\"body\":2"} , "body" : [1.50E+3, {"x":"]"}]})";
  CHECK(raw_member(text, "body") == R"([1.50E+3, {"x":"]"}])");
  CHECK(raw_member(text, "none").empty());
  CHECK(raw_member("[1]", "body").empty());
  CHECK(raw_member("{\"body\"", "body").empty());
}

TEST_CASE("JSON is laid out without touching a token") {
  CHECK(
      indented(R"({"a":1.0,"b":[],"c":[1E400,{}],"d":"x,y"})") ==
      "{\n  \"a\": 1.0,\n  \"b\": [],\n  \"c\": [\n    1E400,\n    {}\n  ],\n  \"d\": \"x,y\"\n}");
  CHECK(indented(" 12.340 ") == "12.340");
}
