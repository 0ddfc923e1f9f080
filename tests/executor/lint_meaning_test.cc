#include <doctest/doctest.h>

#include <algorithm>

#include "executor/lint/lint.h"
#include "tests/executor/lint_text.h"

namespace penstock::lint {
namespace {

bool tells(const std::string& findings, std::string_view part) {
  const bool found = findings.find(part) != std::string::npos;
  if (!found) MESSAGE(findings);
  return found;
}

TEST_CASE("then must lead to a task of its own list") {
  CHECK(told("do: [ { a: { wait: PT1S, then: b } }, { b: { wait: PT1S, then: end } } ]\n") == "");
  CHECK(told("do: [ { a: { wait: PT1S, then: bb } }, { bbb: { wait: PT1S } } ]\n") ==
        "2:32 error flow: there is no task \"bb\" in this list (did you mean \"bbb\"?)\n");
  CHECK(tells(told("do: [ { a: { wait: PT1S, then: stop } } ]\n"), "there is no task \"stop\""));
  CHECK(tells(
      told("do: [ { a: { do: [ { b: { wait: PT1S, then: c } } ] } }, { c: { wait: PT1S } } ]\n"),
      "the task \"c\" is in another list of tasks"));
}

TEST_CASE("the directives of switch cases and catches are followed too") {
  CHECK(tells(told("do: [ { a: { switch: [ { x: { when: .a, then: nowhere } } ] } } ]\n"),
              "there is no task \"nowhere\""));
  CHECK(tells(told("do: [ { a: { try: [ { t: { wait: PT1S } } ], catch: { then: nowhere } } } ]\n"),
              "there is no task \"nowhere\""));
}

TEST_CASE("branches cannot jump to each other") {
  CHECK(tells(told("do: [ { a: { fork: { branches: [ { b: { wait: PT1S, then: c } }, { c: { wait: "
                   "PT1S } } ] } } } ]\n"),
              "branches run side by side"));
}

TEST_CASE("two tasks of one name hurt where then means one of them") {
  CHECK(tells(told("do: [ { a: { wait: PT1S } }, { a: { wait: PT1S } } ]\n"),
              "warning flow: a second task named \"a\" in this list"));
  CHECK(tells(
      told(
          "do: [ { b: { wait: PT1S, then: a } }, { a: { wait: PT1S } }, { a: { wait: PT1S } } ]\n"),
      "error flow: a second task named \"a\": \"then\" cannot tell them apart"));
}

TEST_CASE("two defaults in a switch are a warning") {
  CHECK(tells(told("do: [ { a: { switch: [ { x: { then: end } }, { y: { then: exit } } ] } } ]\n"),
              "warning flow: a second case without \"when\""));
}

TEST_CASE("names must be declared in use") {
  CHECK(told("do: [ { a: { raise: { error: gone } } } ]\n") ==
        "2:30 error reference: \"gone\" is not in use.errors (declare it in use.errors)\n");
  CHECK(tells(
      told("use: { retries: { often: {} } }\ndo: [ { a: { try: [], catch: { retry: oftn } } } ]\n"),
      "\"oftn\" is not in use.retries (did you mean \"often\"?)"));
  CHECK(tells(told("do: [ { a: { wait: PT1S, timeout: short } } ]\n"), "not in use.timeouts"));
  CHECK(tells(told("timeout: short\ndo: []\n"),
              "2:10 error reference: \"short\" is not in use.timeouts"));
  CHECK(told("use: { errors: { gone: { type: 'https://x.y', status: 410 } } }\n"
             "do: [ { a: { raise: { error: gone } } } ]\n") == "");
}

TEST_CASE("functions are the standard's calls, use.functions, or a catalog's") {
  CHECK(tells(told("do: [ { a: { call: htpp, with: { a: 1 } } } ]\n"), "(did you mean \"http\"?)"));
  CHECK(tells(told("do: [ { a: { call: chat } } ]\n"), "(did you mean \"chat:1.0.0@default\"?)"));
  CHECK(
      tells(told("do: [ { a: { call: 'x:1.0.0@mine' } } ]\n"), "\"mine\" is not in use.catalogs"));
  CHECK(tells(told("do: [ { a: { call: 'chat:1.0.0@default', with: { model: x } } } ]\n"),
              "a chat needs `endpoint`"));
  CHECK(told("do: [ { a: { call: 'https://x.y/function.yaml' } } ]\n") == "");
  CHECK(told("use: { functions: { f: { set: { a: 1 } } } }\ndo: [ { a: { call: f } } ]\n") == "");
}

TEST_CASE("authentications and secrets must be declared, wherever they are used") {
  const std::string_view call =
      "do: [ { a: { call: http, with: { method: get, endpoint: { uri: 'https://x.y', "
      "authentication: ";
  CHECK(tells(told(std::string(call) + "{ use: pets } } } } } ]\n"),
              "\"pets\" is not in use.authentications"));
  CHECK(tells(told(std::string(call) + "{ bearer: { use: key } } } } } } ]\n"),
              "\"key\" is not in use.secrets"));
  CHECK(tells(told("use: { authentications: { pets: { bearer: { use: key } } } }\ndo: []\n"),
              "\"key\" is not in use.secrets"));
}

TEST_CASE("what looks like a reference inside a body is data") {
  CHECK(told("do: [ { a: { call: http, with: { method: post, endpoint: 'https://x.y', body: { "
             "authentication: { use: nothing } } } } } ]\n") == "");
}

TEST_CASE("containers and AsyncAPI are refused with what to use instead") {
  CHECK(told("do: [ { a: { run: { container: { image: x } } } } ]\n") ==
        "2:21 error unsupported: containers are not run here (use run: script or run: shell, or "
        "call: http to a service that runs it)\n");
  CHECK(tells(
      told("do: [ { a: { call: asyncapi, with: { document: { endpoint: 'https://x.y' }, operation: "
           "x, message: {} } } } ]\n"),
      "error unsupported: AsyncAPI calls are not made here"));
  CHECK(tells(told("do: [ { a: { run: { script: { language: ruby, code: x } } } } ]\n"),
              "scripts in \"ruby\" are not run here"));
}

TEST_CASE("a schedule that is no cron expression is refused") {
  CHECK(tells(told("schedule: { cron: daily }\ndo: []\n"), "\"daily\" is no cron expression"));
  CHECK(told("schedule: { cron: '0 9 * * 1-5' }\ndo: []\n") == "");
  CHECK(told("schedule: { cron: 'TZ=Europe/Berlin 0 9 * * *' }\ndo: []\n") == "");
}

TEST_CASE("expressions that are no jq are refused where they stand") {
  CHECK(tells(told("do: [ { a: { set: { x: '${ .a | }' } } } ]\n"),
              "2:32 error expression: jq: an expression was expected"));
  CHECK(tells(told("do: [ { a: { wait: PT1S, if: '.a ==' } } ]\n"), "2:36 error expression: jq: "));
  CHECK(tells(told("output: { as: '.[' }\ndo: []\n"), "2:18 error expression: jq: "));
  CHECK(tells(told("do: [ { a: { switch: [ { x: { when: '((', then: end } } ] } } ]\n"), "jq: "));
  CHECK(tells(told("schedule: { on: { one: { with: { type: a, data: '${ ( }' } } } }\ndo: []\n"),
              "jq: "));
}

TEST_CASE("an expression over several lines is told where it begins") {
  CHECK(tells(told("do:\n  - a:\n      set: |\n        ${ .a |\n           foo }\n"),
              "4:12 error expression: jq: line 2, column 4: foo"));
}

TEST_CASE("each expression sees the variables of its place and no others") {
  CHECK(told("do: [ { a: { for: { each: pet, in: .pets }, while: '$index < 3', do: [ { b: { set: { "
             "x: '${ $pet }', y: '${ $index }' } } } ] } } ]\n") == "");
  CHECK(tells(told("do: [ { a: { set: { x: '${ $pet }' } } } ]\n"), "error expression: jq: "));
  CHECK(
      told("do: [ { a: { try: [], catch: { as: failure, when: '$failure.status > 1', do: [ { b: { "
           "set: '${ $failure }' } } ] } } } ]\n") == "");
  CHECK(
      tells(told("do: [ { a: { try: [], catch: { as: failure, when: '$error' } } } ]\n"), "jq: "));
  CHECK(told("do: [ { a: { listen: { to: { any: [] } }, foreach: { item: e, do: [ { b: { set: { x: "
             "'${ $e }' } } } ], output: { as: '$e' } } } } ]\n") == "");
  CHECK(told("do: [ { a: { set: { x: '${ [$context, $input, $output, $task, $workflow, $runtime, "
             "$authorization] }' } } } ]\n") == "");
}

TEST_CASE("partial interpolation is refused with the jq that says it") {
  CHECK(told("do: [ { a: { set: { x: 'Hello ${ .x }!' } } } ]\n") ==
        "2:24 error expression: an expression must be the whole text, not a part of it (write ${ "
        "\"Hello \\(.x)!\" })\n");
  CHECK(tells(told("do: [ { a: { set: { x: '${ .a }-${ .b }' } } } ]\n"),
              "(write ${ \"\\(.a)-\\(.b)\" })"));
}

TEST_CASE("double braces are answered with ours") {
  CHECK(told("do: [ { a: { set: { x: '{{ .x }}' } } } ]\n") ==
        "2:24 warning expression: {{ }} means nothing here: the text stays as it is (write ${ .x "
        "})\n");
  CHECK(tells(told("do: [ { a: { wait: PT1S, if: '{{ .go }}' } } ]\n"),
              "error expression: \"{{ .go }}\" is not one expression (write ${ .go })"));
}

TEST_CASE("a path that is only text is doubted") {
  CHECK(tells(told("do: [ { a: { set: { x: .customer.id } } } ]\n"),
              "warning expression: \".customer.id\" is text here"));
  CHECK(tells(told("do: [ { a: { set: { x: $context.id } } } ]\n"), "warning expression"));
  CHECK(told("do: [ { a: { set: { x: '...', y: $5, z: ., w: .5, v: '$HOME' } } } ]\n") == "");
}

TEST_CASE("an expression that a comment cut off says so") {
  CHECK(tells(told("do:\n  - a:\n      set:\n        x: ${ \"issue #1\" }\n"),
              "the expression is not closed (end it with }; if it has \" #\" in it, quote it"));
}

TEST_CASE("the braces of shells and scripts are their own") {
  // The advice that these need the operator's leave is all there is to say of them.
  const std::string shell =
      told("do: [ { a: { run: { shell: { command: 'echo ${HOME} and more' } } } } ]\n");
  CHECK(tells(shell, "only where the operator allows it"));
  CHECK_FALSE(tells(shell, "error"));
  const std::string script =
      told("do: [ { a: { run: { script: { language: js, code: 'x = `${a} b`' } } } } ]\n");
  CHECK(tells(script, "only where the operator allows it"));
  CHECK_FALSE(tells(script, "error"));
}

TEST_CASE("a secret that an expression names must be declared") {
  CHECK(tells(told("do: [ { a: { set: { x: '${ $secrets.key }' } } } ]\n"),
              "\"key\" is not in use.secrets"));
  CHECK(tells(told("do: [ { a: { set: { x: '${ $secrets[\"my key\"] }' } } } ]\n"),
              "\"my key\" is not in use.secrets"));
  CHECK(
      told("use: { secrets: [ key ] }\ndo: [ { a: { set: { x: '${ $secrets.key.id }' } } } ]\n") ==
      "");
}

TEST_CASE("tasks are judged wherever they are nested") {
  for (const std::string_view nest :
       {"do: [ { o: { do: [ BAD ] } } ]", "do: [ { o: { for: { in: . }, do: [ BAD ] } } ]",
        "do: [ { o: { fork: { branches: [ BAD ] } } } ]",
        "do: [ { o: { try: [ BAD ], catch: {} } } ]",
        "do: [ { o: { try: [], catch: { do: [ BAD ] } } } ]",
        "do: [ { o: { listen: { to: { any: [] } }, foreach: { do: [ BAD ] } } } ]",
        "do: []\nuse: { extensions: [ { e: { extend: all, before: [ BAD ] } } ] }",
        "do: []\nuse: { extensions: [ { e: { extend: all, after: [ BAD ] } } ] }"}) {
    std::string source(nest);
    source.replace(source.find("BAD"), 3, "{ bad: { raise: { error: nope } } }");
    CHECK(tells(told(source), "\"nope\" is not in use.errors"));
  }
  CHECK(
      tells(told("do: []\nuse: { functions: { f: { raise: { error: nope } } } }\n"), "use.errors"));
}

TEST_CASE("what is malformed is told once, not by every rule") {
  CHECK(told("do: [ { a: { raise: { error: 5 } } } ]\n") ==
        "2:30 error schema.wrong-type: \"error\" must be an error or the name of one in "
        "use.errors, not a number\n");
  const std::string both =
      told("do: [ { a: { call: http, with: { method: get, endpoint: 'x ${ .a } y' } } } ]\n");
  CHECK(std::count(both.begin(), both.end(), '\n') == 1);
}

}  // namespace
}  // namespace penstock::lint
