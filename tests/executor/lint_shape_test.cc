#include <doctest/doctest.h>

#include <chrono>

#include "executor/lint/lint.h"
#include "tests/executor/lint_text.h"
#include "tests/executor/patience.h"

namespace penstock::lint {
namespace {

TEST_CASE("a sound definition has no findings") {
  CHECK(told("do: [ { hello: { set: { a: 1 } } } ]\n") == "");
}

TEST_CASE("another tool's word is answered with ours, and the missing key is not told twice") {
  CHECK(told("do:\n  - get:\n      call: http\n      with:\n        method: get\n        url: "
             "https://x.y\n") ==
        "7:9 error schema.unknown-key: unknown key \"url\" in the HTTP call (did you mean "
        "\"endpoint\"?)\n");
  CHECK(told("do:\n  - t:\n      try: []\n      catch:\n        error: { with: { status: 500 } }\n")
            .find("6:9 error schema.unknown-key: unknown key \"error\" in the catch (did you mean "
                  "\"errors\"?)") == 0);
}

TEST_CASE("a misspelled key is answered by its spelling") {
  CHECK(told("do:\n  - get:\n      call: http\n      with:\n        methdo: get\n        endpoint: "
             "https://x.y\n") ==
        "6:9 error schema.unknown-key: unknown key \"methdo\" in the HTTP call (did you mean "
        "\"method\"?)\n");
}

TEST_CASE("a key nobody knows is answered with those that are known") {
  CHECK(told("do: [ { a: { wait: PT1S, qqqq: 1 } } ]\n") ==
        "2:26 error schema.unknown-key: unknown key \"qqqq\" in the wait task \"a\" (known here: "
        "wait, if, input, output, export, timeout, then, metadata)\n");
}

TEST_CASE("all that is missing is one finding") {
  CHECK(findings_of("document: {}\ndo: []\n") ==
        "1:1 error schema.missing-key: \"dsl\", \"namespace\", \"name\", \"version\" missing from "
        "the document\n");
}

TEST_CASE("everything is told at once, in the order of the text") {
  const std::string found =
      told("do:\n  - a: { wait: 5s }\n  - b: { set: {} }\n  - c: { call: 7 }\n  - d: 5\n");
  CHECK(found ==
        "3:16 error schema.bad-value: \"5s\" must be a duration such as PT30S or { seconds: 30 } "
        "(write { seconds: 5 })\n"
        "4:15 error schema.bad-value: \"set\" must set at least one value\n"
        "5:16 error schema.wrong-type: \"call\" must be a string, not a number (quote it: \"7\")\n"
        "6:8 error schema.wrong-type: \"d\" must be an object, not a number\n");
}

TEST_CASE("a number where a string belongs is to be quoted") {
  CHECK(findings_of("document: { dsl: '1.0.3', namespace: a, name: b, version: 1.0 }\ndo: []\n") ==
        "1:59 error schema.wrong-type: \"version\" must be a string, not a number (quote it: "
        "\"1.0\")\n");
}

TEST_CASE("durations as other tools write them are answered with ours") {
  CHECK(told("do: [ { a: { wait: 500ms } } ]\n").find("(write { milliseconds: 500 })") !=
        std::string::npos);
  CHECK(told("do: [ { a: { wait: 30 } } ]\n").find("(write { seconds: 30 })") != std::string::npos);
  CHECK(told("do: [ { a: { wait: 2 hours } } ]\n").find("(write { hours: 2 })") !=
        std::string::npos);
}

TEST_CASE("keys beside a task's name instead of below it are one finding") {
  CHECK(told("do:\n  - get:\n    call: http\n    with: { method: get }\n") ==
        "4:5 error schema.bad-value: \"call\" stands beside \"get\", not in it (indent it "
        "further)\n");
}

TEST_CASE("a task that does two things, or none") {
  CHECK(told("do: [ { a: { set: { x: 1 }, wait: PT1S } } ]\n") ==
        "2:29 error schema.ambiguous: a task does one thing, but \"a\" has both \"set\" and "
        "\"wait\" (make it two tasks)\n");
  CHECK(told("do: [ { a: { waits: PT1S } } ]\n") ==
        "2:14 error schema.unknown-key: unknown key \"waits\" in the task \"a\" (did you mean "
        "\"wait\"?)\n");
  CHECK(told("do: [ { a: { then: end } } ]\n").find("the task \"a\" does nothing") !=
        std::string::npos);
}

TEST_CASE("double braces and partial interpolation in a URI are answered with jq") {
  CHECK(told("do: [ { a: { call: http, with: { method: get, endpoint: 'https://x.y/{{ .id }}' } } "
             "} ]\n") ==
        "2:57 error schema.bad-value: \"https://x.y/{{ .id }}\" must be a URI or one ${ expression "
        "} (write ${ \"https://x.y/\\(.id)\" })\n");
}

TEST_CASE("what the schema lets pass though nothing reads it is a warning") {
  CHECK(told("do: []\nfoo: 1\n").find("3:1 warning advice: unknown key \"foo\" in the workflow") ==
        0);
  CHECK(lint(definition("do: []\nfoo: 1\n")).sound());
}

TEST_CASE("a status out of range, a negative duration and an odd method are warnings") {
  CHECK(told("do: [ { a: { raise: { error: { type: 'https://x.y', status: 9 } } } } ]\n")
            .find("warning advice: a status is a number from 100 to 599") != std::string::npos);
  CHECK(told("do: [ { a: { wait: { seconds: -1 } } } ]\n").find("warning") != std::string::npos);
  CHECK(told("do: [ { a: { call: http, with: { method: gett, endpoint: 'https://x.y' } } } ]\n")
            .find("(did you mean \"get\"?)") != std::string::npos);
}

TEST_CASE("text that cannot be read is one finding with its place") {
  CHECK(findings_of("a: [1\nb: 2\n").find("error syntax: ") != std::string::npos);
  CHECK(findings_of("a: 1\na: 2\n") == "2:1 error syntax: the key \"a\" is here twice\n");
  CHECK(findings_of("do:\n  x: ${ \"a: b\" }\n").find("must be quoted") != std::string::npos);
  CHECK(findings_of("") == "1:1 error syntax: nothing is here\n");
  CHECK(findings_of("just text").find("must be an object, not a string") != std::string::npos);
}

TEST_CASE("a flood of mistakes is cut off, not out of memory") {
  std::string source = "do:\n";
  for (int i = 0; i < 5000; i++) source += "  - a" + std::to_string(i) + ": 1\n";
  const Report report = lint(definition(source));
  CHECK(report.findings.size() == 200);
  CHECK_FALSE(report.sound());
}

TEST_CASE("a flood of warnings does not hide an error") {
  std::string source = "do: 5\n";
  for (int i = 0; i < 500; i++) source += "x" + std::to_string(i) + ": 1\n";
  CHECK_FALSE(lint(definition(source)).sound());
  std::string before;
  for (int i = 0; i < 500; i++) before += "x" + std::to_string(i) + ": 1\n";
  CHECK_FALSE(lint(definition(before + "do: 5\n")).sound());
}

TEST_CASE("hostile definitions are judged at once") {
  const auto many = [](std::string_view head, std::string_view before, std::string_view after) {
    std::string source = definition(head);
    for (int i = 0; i < 12'000; i++) {
      source.append(before).append(std::to_string(i)).append(after);
    }
    return source;
  };
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(
      lint(many("do:\n", "  - task", ": { wait: PT1S, then: nowhere-at-all-indeed }\n")).sound());
  CHECK_FALSE(lint(many("do:\n", "  - task", ": { call: no-such-function-here }\n")).sound());
  CHECK_FALSE(lint(many("do: []\nuse:\n  errors:\n", "    error", ": 1\n")).sound());
  CHECK(lint(many("do: []\n", "unknown-key-number-", ": 1\n")).sound());
  CHECK_FALSE(lint(many("do:\n", "  - { unknown: 1, key", ": 1 }\n")).sound());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10 * slower));
}

}  // namespace
}  // namespace penstock::lint
