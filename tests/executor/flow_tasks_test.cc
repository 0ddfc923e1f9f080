// What each task does, without effects outside.
#include "tests/executor/flow_world.h"

namespace penstock::flow {
namespace {

TEST_CASE("tasks run in order, each on the output of the one before") {
  CHECK(output_of(R"(
- a: {set: {n: 1}}
- b: {set: {n: '${ .n + 1 }'}}
- c: {set: '${ {n: (.n * 10)} }'}
)") == R"({"n":20})");
}

TEST_CASE("parts of the input that nobody touches come out as they came in") {
  CHECK(
      output_of("- a: {set: {x: '${ .x }'}}\n", R"({"x":{"big":12345678901234567890,"f":1.50}})") ==
      R"({"x":{"big":12345678901234567890,"f":1.50}})");
}

TEST_CASE("data goes through input.from, output.as and export.as") {
  CHECK(output_of(R"(
- a:
    input: {from: .user}
    set: {name: '${ .name }', same: '${ $input == . }'}
    output: {as: '{greet: ("hi " + .name), in: $input.name, same: .same}'}
    export: {as: '{seen: .greet}'}
- b:
    set: {out: '${ . }', context: '${ $context }'}
)",
                  R"({"user":{"name":"jo"}})") ==
        R"({"out":{"greet":"hi jo","in":"jo","same":true},"context":{"seen":"hi jo"}})");
}

TEST_CASE("input.from and output.as may be objects with expressions in them") {
  CHECK(output_of("- a: {input: {from: {k: '${ .v }'}}, set: {got: '${ .k }'}, output: {as: {all: "
                  "'${ . }'}}}\n",
                  R"({"v":7})") == R"({"all":{"got":7}})");
}

TEST_CASE("the workflow's own input and output are transformed too") {
  CHECK(output_of("- a: {set: {n: '${ . }'}}\n", R"({"deep":[5]})",
                  "input: {from: '.deep[0]'}\noutput: {as: .n}\n") == "5");
}

TEST_CASE("a task whose condition is false is skipped, its directive too") {
  CHECK(output_of(R"(
- a: {if: .n > 1, set: {wrong: true}, then: end}
- b: {set: {n: '${ .n }', ran: b}}
)",
                  R"({"n":1})") == R"({"n":1,"ran":"b"})");
}

TEST_CASE("then jumps, ends a list, ends the workflow") {
  CHECK(output_of(
            "- a: {set: {v: 1}, then: c}\n- b: {set: {v: 2}}\n- c: {set: {v: '${ .v + 10 }'}}\n") ==
        R"({"v":11})");
  CHECK(output_of("- a: {do: [{x: {set: {v: 1}, then: exit}}, {y: {set: {v: 2}}}]}\n- b: {set: {v: "
                  "'${ .v + 10 }'}}\n") == R"({"v":11})");
  CHECK(
      output_of(
          "- a: {do: [{x: {set: {v: 1}, then: end}}, {y: {set: {v: 2}}}]}\n- b: {set: {v: 3}}\n") ==
      R"({"v":1})");
}

TEST_CASE("switch takes the first case that fits, or its default, or goes on") {
  const std::string tasks = R"(
- s: {switch: [{one: {when: .n == 1, then: a}}, {two: {when: '${ .n == 2 }', then: end}}, {other: {then: b}}]}
- a: {set: {took: a}, then: end}
- b: {set: {took: b}}
)";
  CHECK(output_of(tasks, R"({"n":1})") == R"({"took":"a"})");
  CHECK(output_of(tasks, R"({"n":2})") == R"({"n":2})");
  CHECK(output_of(tasks, R"({"n":3})") == R"({"took":"b"})");
}

TEST_CASE("for hands each item and its index to its tasks, and its last output on") {
  CHECK(output_of(R"(
- f:
    for: {each: x, in: .xs, at: i}
    do: [{add: {set: {sum: '${ (.sum // 0) + $x * 10 + $i }', xs: '${ .xs }'}}}]
    output: {as: .sum}
)",
                  R"({"xs":[1,2,3]})") == "63");
  CHECK(output_of("- f: {for: {in: '[]'}, do: [{a: {set: {x: 1}}}]}\n", R"({"k":1})") ==
        R"({"k":1})");
}

TEST_CASE("for stops when its while is false") {
  CHECK(output_of("- f: {for: {in: '[range(10)]'}, while: (.n // 0) < 3, do: [{a: {set: {n: '${ "
                  "(.n // 0) + 1 }'}}}]}\n") == R"({"n":3})");
}

TEST_CASE("for over something that is no array is an error") {
  CHECK(error_of("- f: {for: {in: .missing}, do: [{a: {set: {x: 1}}}]}\n").instance == "/do/0/f");
}

TEST_CASE("loops within loops see their own variables and those around them") {
  CHECK(output_of(R"y(
- f:
    for: {each: a, in: '[1,2]'}
    do:
      - g:
          for: {each: b, in: '["x","y"]', at: k}
          do: [{s: {set: {all: '${ (.all // []) + ["\($a)\($b)\($index)\($k)"] }'}}}]
)y") == R"({"all":["1x00","1y01","2x10","2y11"]})");
}

TEST_CASE("a hundred thousand iterations stay one frame deep and give way to others") {
  Life life(program(
      "- f: {for: {in: '[range(100000)]'}, do: [{a: {set: {n: '${ (.n // 0) + 1 }'}}}]}\n"));
  int turns = 1;
  for (; life.yielded(); turns++) life.resume();
  CHECK(life.output() == R"({"n":100000})");
  CHECK(turns > 50);
}

TEST_CASE("raise ends the workflow with the error and where it came from") {
  const Error error = error_of(R"y(
- outer: {do: [{inner: {raise: {error: {type: https://x.test/e, status: 418, title: T, detail: '${ "d\(.n)" }'}}}}]}
)y",
                               R"({"n":1})");
  CHECK(error.type == "https://x.test/e");
  CHECK(error.status == 418);
  CHECK(error.detail == "d1");
  CHECK(error.instance == "/do/0/outer/do/0/inner");
}

TEST_CASE("an error can be named under use.errors") {
  CHECK(error_of("- r: {raise: {error: gone}}\n", "{}",
                 "use: {errors: {gone: {type: t:gone, status: 410}}}\n")
            .status == 410);
}

TEST_CASE("try hands the error to its catch, and goes on behind it") {
  CHECK(output_of(R"(
- t:
    try: [{bad: {raise: {error: {type: t:x, status: 404, title: N}}}}]
    catch: {as: e, do: [{h: {set: {status: '${ $e.status }', at: '${ $e.instance }'}}}]}
- after: {set: {got: '${ . }'}}
)") == R"({"got":{"status":404,"at":"/do/0/t/try/0/bad"}})");
}

TEST_CASE("a catch takes only the errors that it names") {
  const std::string raise =
      "[{bad: {raise: {error: {type: https://serverlessworkflow.io/dsl/errors/types/communication, "
      "status: 503}}}}]";
  const auto with = [&raise](const std::string& filter) {
    return "- t: {try: " + raise + ", catch: {" + filter + "do: [{h: {set: {caught: true}}}]}}\n";
  };
  const std::string spec = "https://open-workflow-specification.org/spec/1.0.0/errors/";
  CHECK(output_of(with("")) == R"({"caught":true})");
  CHECK(output_of(with("errors: {with: {type: " + spec + "communication}}, ")) ==
        R"({"caught":true})");
  CHECK(output_of(with("errors: {with: {status: 503}}, ")) == R"({"caught":true})");
  CHECK(error_of(with("errors: {with: {status: 404}}, ")).status == 503);
  CHECK(error_of(with("errors: {with: {type: " + spec + "timeout}}, ")).status == 503);
  CHECK(output_of(with("when: $error.status == 503, ")) == R"({"caught":true})");
  CHECK(error_of(with("when: $error.status == 404, ")).status == 503);
  CHECK(error_of(with("exceptWhen: $error.status == 503, ")).status == 503);
}

TEST_CASE("an error in a catch is not caught by the same try, but by one around it") {
  CHECK(output_of(R"(
- outer:
    try:
      - inner:
          try: [{a: {raise: {error: {type: t:a, status: 1}}}}]
          catch: {do: [{b: {raise: {error: {type: t:b, status: 2}}}}]}
    catch: {do: [{c: {set: {type: '${ $error.type }'}}}]}
)") == R"({"type":"t:b"})");
}

TEST_CASE("catch.then leads the error path elsewhere") {
  CHECK(output_of(R"(
- t: {try: [{a: {raise: {error: {type: t:a, status: 1}}}}], catch: {then: failed}}
- fine: {set: {r: ok}, then: end}
- failed: {set: {r: failed}}
)") == R"({"r":"failed"})");
}

TEST_CASE("a broken expression is an expression error of its task, and can be caught") {
  const Error error = error_of("- s: {set: {x: '${ .a.b.c }'}}\n", R"({"a":1})");
  CHECK(error.type.ends_with("/expression"));
  CHECK(error.instance == "/do/0/s");
  CHECK(output_of("- t: {try: [{s: {set: {x: '${ error(\"no\") }'}}}], catch: {do: [{h: {set: {ok: "
                  "1}}}]}}\n") == R"({"ok":1})");
}

TEST_CASE("schemas check the input, the output and the context") {
  const std::string schema =
      "schema: {document: {type: object, required: [id], properties: {id: {type: integer}}}}";
  CHECK(output_of("- a: {set: {id: '${ .id }'}}\n", R"({"id":1})", "input: {" + schema + "}\n") ==
        R"({"id":1})");
  const Error error =
      error_of("- a: {set: {id: 1}}\n", R"({"id":"x"})", "input: {" + schema + "}\n");
  CHECK(error.type.ends_with("/validation"));
  CHECK(error.detail == "input: /id is not of type integer");
  CHECK(error_of("- a: {set: {x: 1}, output: {" + schema + "}}\n").instance == "/do/0/a");
  CHECK(error_of("- a: {set: {x: 1}, export: {as: ., " + schema + "}}\n").status == 400);
}

TEST_CASE("functions of the workflow are called with their arguments, also by each other") {
  CHECK(output_of("- a: {call: twice, with: {n: '${ .start }'}, output: {as: '{r: .n}'}}\n",
                  R"({"start":5})",
                  "use: {functions: {twice: {do: [{x: {call: plus, with: {n: '${ .n }'}}}, {y: "
                  "{call: plus, with: {n: '${ .n }'}}}]}, "
                  "plus: {set: {n: '${ .n + 1 }'}}}}\n") == R"({"r":7})");
}

TEST_CASE("a function that calls itself for ever ends in an error") {
  CHECK(error_of("- a: {call: f}\n", "{}", "use: {functions: {f: {call: f}}}\n")
            .type.ends_with("/runtime"));
}

TEST_CASE("a loop without end ends in an error") {
  Life life(program("- a: {set: {x: 1}, then: a}\n"));
  for (int i = 0; i < 100; i++) {
    REQUIRE(life.yielded());
    life.resume();
  }
}

TEST_CASE("fork gives the outputs of all branches in their order") {
  CHECK(output_of("- f: {fork: {branches: [{a: {set: {r: 1}}}, {b: {set: {r: '${ .n }'}}}]}}\n",
                  R"({"n":2})") == R"([{"r":1},{"r":2}])");
}

TEST_CASE("of competing branches the first to end wins, one that fails does not") {
  CHECK(output_of("- f: {fork: {compete: true, branches: [{a: {raise: {error: {type: t:a, status: "
                  "1}}}}, {b: {set: {r: b}}}, {c: {set: {r: c}}}]}}\n") == R"({"r":"b"})");
  CHECK(error_of("- f: {fork: {compete: true, branches: [{a: {raise: {error: {type: t:a, status: "
                 "1}}}}]}}\n")
            .instance == "/do/0/f/fork/branches/0/a");
}

TEST_CASE("a branch that fails fails the fork, where a try around it sees the error") {
  CHECK(output_of("- t: {try: [{f: {fork: {branches: [{a: {set: {r: 1}}}, {b: {raise: {error: "
                  "{type: t:b, status: 7}}}}]}}}], "
                  "catch: {do: [{h: {set: {s: '${ $error.status }'}}}]}}\n") == R"({"s":7})");
}

TEST_CASE("end within a branch ends the workflow") {
  CHECK(output_of("- f: {fork: {branches: [{a: {do: [{x: {set: {r: x}, then: end}}]}}, {b: {wait: "
                  "PT1H}}]}}\n- z: {set: {r: z}}\n") == R"({"r":"x"})");
}

TEST_CASE("branches see the variables around them") {
  CHECK(output_of("- f: {for: {each: n, in: '[3]'}, do: [{k: {fork: {branches: [{a: {set: {r: '${ "
                  "$n }'}}}]}}}]}\n") == R"([{"r":3}])");
}

TEST_CASE("expressions see the task, the workflow and the runtime") {
  CHECK(
      output_of(R"(
- a:
    set:
      task: '${ $task.name + $task.reference }'
      workflow: '${ $workflow.definition.document.name }'
      input: '${ $workflow.input }'
      runtime: '${ $runtime.name }'
      secrets: '${ $secrets }'
      at: '${ $task.startedAt.epoch.seconds }'
)",
                R"({"i":1})") ==
      R"({"task":"a/do/0/a","workflow":"w","input":{"i":1},"runtime":"penstock","secrets":{},"at":1000})");
}

TEST_CASE("task names are escaped in references") {
  CHECK(error_of("- a/b~c: {raise: {error: {type: t:x, status: 1}}}\n").instance ==
        "/do/0/a~1b~0c");
}

TEST_CASE("what cannot run is refused when it is compiled, with its place") {
  const auto refusal = [](const std::string& tasks) {
    Result<definition::Definition> loaded = definition::load("document: {name: w}\ndo:\n" + tasks);
    REQUIRE(loaded.ok());
    Result<ProgramPtr> made = Compiler::compile(loaded->root);
    REQUIRE_FALSE(made.ok());
    return made.status().message();
  };
  CHECK(refusal("- a: {set: {x: 1}, then: nowhere}\n").starts_with("/do/0/a/then: "));
  CHECK(refusal("- a: {set: {x: '${ .a | | }'}}\n").starts_with("/do/0/a/set: "));
  CHECK(refusal("- a: {call: unheard-of}\n").starts_with("/do/0/a/call: "));
  CHECK(refusal("- a: {wait: soon}\n").starts_with("/do/0/a/wait: "));
  CHECK(refusal("- a: {nonsense: 1}\n").starts_with("/do/0/a: "));
  CHECK(refusal("- a: {run: {container: {image: x}}}\n").starts_with("/do/0/a/run: "));
}

}  // namespace
}  // namespace penstock::flow
