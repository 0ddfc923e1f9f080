// What runs away must end in an error that names the limit, soon and in little memory.
#include <sys/resource.h>

#include <algorithm>
#include <ctime>

#include "executor/json/meter.h"
#include "fixture.h"

namespace penstock::jq {
namespace {

// Under a sanitizer everything takes several times as long.
#ifdef PENSTOCK_SANITIZED
constexpr double cpu_ms_max = 3000;
#else
constexpr double cpu_ms_max = 100;
#endif

double cpu_ms() {
  std::timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double run_once(std::string_view program, std::string_view limit) {
  const int64_t live = json::live_bytes();
  const double before = cpu_ms();
  const auto compiled = compile(program);
  REQUIRE_MESSAGE(compiled.ok(), std::string(program));
  {
    const Outcome outcome = run(**compiled, json::Value());
    REQUIRE_MESSAGE(outcome.error, std::string(program));
    CHECK_MESSAGE(outcome.error->limit == limit, std::string(program));
    CHECK((limit == "outputs" || outcome.outputs.empty()));
  }
  // Constants of the program may be shared; everything else must be gone.
  CHECK(json::live_bytes() - live < 4096);
  return cpu_ms() - before;
}

// A neighbour on the same core may double a figure, so the best of a few counts.
void ends(std::string_view program, std::string_view limit) {
  double took = run_once(program, limit);
  for (int again = 0; again < 4 && took >= cpu_ms_max; again++) {
    took = std::min(took, run_once(program, limit));
  }
  CHECK_MESSAGE(took < cpu_ms_max, std::string(program), ": ", took, " ms");
}

TEST_CASE("programs that never end run out of steps") {
  for (const char* program : {"def f: f; f",
                              "repeat(1) | empty",
                              "until(false; .)",
                              "last(range(1e9))",
                              "[recurse(.)]",
                              "[limit(1e9; repeat(1))]",
                              "range(infinite) | select(false)",
                              "reduce range(1e9) as $i ([]; . + [$i])",
                              "reduce range(1e9) as $i ({}; .[\"\\($i)\"] = 1)",
                              "reduce range(1e9) as $i ({}; .a += 1)",
                              "[range(1e4)] | until(false; sort_by(-.))",
                              "[range(1e4)] | until(false; .[5] |= . + 1)",
                              "[range(1e4)|tostring] | until(false; join(\",\") | split(\",\"))",
                              "[range(1e4)] | until(false; tojson | fromjson)",
                              "[range(1e4)] | until(false; map(.))",
                              "(\"ab\" * 1e5) | until(test(\"(a|b){1,50}c\"); .)",
                              "[range(1e3)] | until(false; . - [5] + [5])",
                              "[range(1e4)] | until(false; .[1:] + [1])",
                              "[range(1e4)] | until(false; del(.[5]) + [1])",
                              "[range(2e3)|{key: \"k\\(.)\", value: .}] | from_entries | "
                              "until(false; del(.k7) + {k7: 1})",
                              "[range(1e4)] | until(false; reverse)",
                              "[range(1e4)] | until(contains([-1]); .)"})
    ends(program, "steps");
}

TEST_CASE("values that never stop growing run out of memory or size") {
  ends("[range(1e9)]", "memory_bytes");
  ends("\"a\" * 1e9", "value_bytes");
  ends(".[1e9] = 1", "memory_bytes");
  ends("reduce range(1e9) as $i (\"a\"; . + .)", "value_bytes");
  ends("reduce range(40) as $i (1; [., .]) | tojson", "value_bytes");
  ends("[.] | until(false; [., .])", "value_bytes");
  ends("[range(100000)] | join(\"x\" * 100000)", "value_bytes");
}

TEST_CASE("calls and values nest only so deep") {
  ends("def f: 1 + f; f", "depth");
  ends("def f: f | f; f", "depth");
  ends("def f: (f, 1); f", "depth");
  ends("def f(x): f(x | x); f(.)", "depth");
  ends("path(def r: r | .[0]; r)", "depth");
  ends("reduce range(1e9) as $i (0; [.])", "value_depth");
  ends("reduce range(1e9) as $i (0; {a: .})", "value_depth");
}

TEST_CASE("a flood of outputs is cut") {
  ends("range(1e9)", "outputs");
}

TEST_CASE("a breach cannot be caught") {
  ends("try (def f: f; f) catch 1, 2", "steps");
}

TEST_CASE("programs nest only so deep, and are only so long") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(compile(deep).status().fault() == Fault::kFull);
  std::string text(30'000, '[');
  text += std::string(30'000, ']');
  for (const std::string& program :
       {text, std::string(30'000, '('), std::string(30'000, '-') + "1", std::string(30'000, '{'),
        "\"" + std::string(20'001, '\\') + "\"", std::string(60'000, '?')})
    CHECK_FALSE(compile(program).ok());
  std::string chain = "1", nested = "1", elifs = "if . then 1", strings = "1";
  for (int i = 0; i < 5000; i++) chain += "+1";
  for (int i = 0; i < 2000; i++) elifs += " elif . then 1";
  for (int i = 0; i < 300; i++) strings = "\"\\(" + strings + ")\"";
  for (int i = 0; i < 2000; i++) nested = "def f: " + nested + "; f";
  for (const std::string& program : {chain, nested, elifs + " end", strings})
    CHECK(compile(program).status().fault() != Fault::kOk);
  std::string pipes = ".", commas = "1";
  for (int i = 0; i < 10'000; i++) pipes += "|.", commas += ",1";
  CHECK(outputs(pipes, "7") == "7");
  CHECK(outputs("[" + commas + "] | length") == "10001");
}

TEST_CASE("recursion that only calls itself last needs no depth") {
  gives("def f: if . > 1e5 then . else . + 1 | f end; 0 | f", "100001");
  gives("last(limit(50000; repeat(1)))", "1");
  gives("[recurse(if . < 50000 then . + 1 else empty end)] | length", "0", "50001");
}

TEST_CASE("a smaller budget is kept too") {
  Options options;
  options.budget.steps = 100;
  CHECK(outputs("[range(1000)]", "null", options).find("steps") != std::string::npos);
  options = {};
  options.budget.outputs = 2;
  CHECK(outputs("1, 2", "null", options) == "1\n2");
  CHECK(outputs("1, 2, 3", "null", options).find("outputs") != std::string::npos);
}

TEST_CASE("the process stays small through all of it") {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
#ifndef PENSTOCK_SANITIZED
  CHECK(usage.ru_maxrss < 64 * 1024);
#endif
}

}  // namespace
}  // namespace penstock::jq
