// What a workflow answers its caller: early, by a task; or at its end, in a form of its own.
#include <doctest/doctest.h>

#include "flow_world.h"

namespace penstock::flow {
namespace {

ProgramPtr with_metadata(const std::string& metadata, const std::string& tasks) {
  const std::string text =
      "document: {dsl: '1.0.3', namespace: t, name: w, version: '1.0.0', metadata: " + metadata +
      "}\ndo:\n" + tasks;
  const auto loaded = definition::load(text);
  REQUIRE(loaded.ok());
  const auto made = Compiler::compile(loaded->root);
  REQUIRE_MESSAGE(made.ok(), made.status().message());
  return *made;
}

TEST_CASE("a task with reply answers with its output, and the run goes on") {
  Life life(program("- a: {set: {n: 1}, metadata: {penstock: {reply: true}}}\n"
                    "- b: {call: http, with: {method: get, endpoint: http://x}}\n"));
  REQUIRE(life.replies().size() == 1);
  CHECK(life.replies()[0] == R"({"body":{"n":1}})");
  CHECK(!life.finished());
}

TEST_CASE("a reply's parts are computed from the task's output") {
  Life life(program("- a: {set: {n: 201, t: hi}, metadata: {penstock: {reply: {status: '${ .n }', "
                    "contentType: text/plain, headers: {X-A: '${ .t }'}, body: '${ .t }'}}}}\n"));
  REQUIRE(life.replies().size() == 1);
  const json::Value reply = value(life.replies()[0]);
  CHECK(reply.get("status").as_integer() == 201);
  CHECK(reply.get("headers").get("X-A").as_string() == "hi");
  CHECK(reply.get("body").as_string() == "hi");
}

TEST_CASE("the workflow's own form is answered at its end, and its output stays what it was") {
  Life life(with_metadata("{penstock: {reply: {status: 202, body: '${ .n }'}}}",
                          "- a: {set: {n: 7}}\n"));
  REQUIRE(life.succeeded());
  CHECK(life.replies().empty());
  CHECK(life.output() == R"({"n":7})");
  CHECK(value(life.reply()).get("body").as_integer() == 7);
}

TEST_CASE("a reply that cannot be one fails the run and says why") {
  const Error error = error_of(
      "- a: {set: {n: 42}, metadata: {penstock: {reply: {status: '${ .n }'}}}}\n");
  CHECK(error.detail == "metadata.penstock.reply: status is a number from 200 to 599");
}

TEST_CASE("a workflow run by another one answers nobody") {
  Life life(program("- a: {run: {workflow: {namespace: t, name: inner, version: '1.0.0'}}}\n"));
  REQUIRE(life.loads().size() == 1);
  const auto inner = with_metadata("{penstock: {reply: {status: 202}}}",
                                   "- x: {set: {n: 1}, metadata: {penstock: {reply: true}}}\n");
  life.answer(life.loads()[0].ordinal, Loaded{inner, "@1"});
  CHECK(life.replies().empty());
  CHECK(life.succeeded());
  CHECK(life.reply().empty());
}

}  // namespace
}  // namespace penstock::flow
