#include <doctest/doctest.h>

#include "executor/json/parse.h"
#include "executor/lint/render.h"
#include "executor/lint/worker_report.h"
#include "tests/executor/lint_text.h"

namespace penstock::lint {
namespace {

std::string text_of(const std::string& source) {
  return render_text(lint(source), "f.yaml", source, Colour::kOff);
}

TEST_CASE("a finding shows its place, its line, a caret and a hint") {
  CHECK(text_of(definition("do: [ { a: { waits: PT1S } } ]\n")) ==
        "f.yaml:2:14: error: unknown key \"waits\" in the task \"a\"\n"
        "  do: [ { a: { waits: PT1S } } ]\n"
        "               ^\n"
        "  hint: did you mean \"wait\"?\n");
}

TEST_CASE("the caret stands right behind tabs and wide characters") {
  CHECK(text_of(definition("do: [ { \"äö\": { waits: PT1S } } ]\n"))
            .find("\n                  ^\n") != std::string::npos);
}

TEST_CASE("colours come only when asked for") {
  const std::string source = definition("do: 5\n");
  CHECK(render_text(lint(source), "f", source, Colour::kOn).find("\x1b[1;31merror") !=
        std::string::npos);
  CHECK(text_of(source).find('\x1b') == std::string::npos);
}

TEST_CASE("what a definition says never reaches the terminal as a command") {
  const std::string found = text_of(definition("do: [ { a: { \"x\\e[31m\": 1 } } ]\n"));
  CHECK(found.find('\x1b') == std::string::npos);
}

TEST_CASE("a very long line is cut, and a caret past the cut is left out") {
  const std::string source =
      definition("do: [ { a: { set: '" + std::string(5000, 'x') + "', y: 1 } } ]\n");
  CHECK(text_of(source).size() < 1000);
}

TEST_CASE("JSON has everything a program wants") {
  const auto parsed = json::parse(render_json(lint(definition("do: 5\n")), "f.yaml"));
  REQUIRE(parsed.ok());
  CHECK(parsed->get("file").as_string() == "f.yaml");
  CHECK_FALSE(parsed->get("sound").truthy());
  CHECK(parsed->get("errors").as_integer() == 1);
  const json::Value finding = parsed->get("findings").at(0);
  CHECK(finding.get("code").as_string() == "schema.wrong-type");
  CHECK(finding.get("line").as_integer() == 2);
  CHECK(finding.get("pointer").as_string() == "/do");
}

TEST_CASE("the gateway's report carries the same") {
  const auto report = lint_report(definition("do: 5\n"));
  CHECK_FALSE(report.sound());
  CHECK(report.name() == "test");
  REQUIRE(report.findings_size() == 1);
  CHECK(report.findings(0).severity() == "error");
  CHECK(report.findings(0).line() == 2);
  CHECK(lint_report(definition("do: []\n")).sound());
}

}  // namespace
}  // namespace penstock::lint
