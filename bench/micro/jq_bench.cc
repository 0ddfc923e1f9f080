// Expressions on bodies as they come in: parsed and evaluated each time, and evaluated alone.
#include <benchmark/benchmark.h>

#include <string>

#include "executor/jq/jq.h"
#include "executor/json/parse.h"

namespace penstock::jq {
namespace {

// A body of about 1 KB, as webhooks have: some nesting, a list of items, long texts.
std::string body_of_1_kb() {
  std::string text =
      R"({"id":"evt_01890a5dac96774bbcceb302099a8057","type":"order.created","a":{"b":{"c":42}},)"
      R"("customer":{"name":"Jo Doe","mail":"jo@example.com","vip":false},"items":[)";
  for (int i = 0; i < 8; i++) {
    text += std::string(i ? "," : "") + R"({"sku":"item-)" + std::to_string(i) + R"(","price":)" +
            std::to_string(i * 10) + R"(.5,"quantity":2})";
  }
  text += R"(],"note":")";
  text.append(1022 - text.size(), 'x');
  return text + "\"}";
}

void from_raw(benchmark::State& state, const char* expression) {
  const std::string body = body_of_1_kb();
  const ProgramPtr program = *compile(expression);
  json::Parser parser;
  Runner runner;
  for (auto _ : state) {
    Result<json::Value> value = parser.parse(body);
    Result<json::Value> found = runner.first(*program, *value);
    benchmark::DoNotOptimize(found);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * body.size()));
}

void parsed(benchmark::State& state, const char* expression) {
  const json::Value value = *json::parse(body_of_1_kb());
  const ProgramPtr program = *compile(expression);
  Runner runner;
  for (auto _ : state) {
    Result<json::Value> found = runner.first(*program, value);
    benchmark::DoNotOptimize(found);
  }
}

void parse_alone(benchmark::State& state) {
  const std::string body = body_of_1_kb();
  json::Parser parser;
  for (auto _ : state) {
    Result<json::Value> value = parser.parse(body);
    benchmark::DoNotOptimize(value);
  }
}

constexpr const char* kPath = ".a.b.c";
constexpr const char* kMapping = "{x: .a, y: (.items|map(.price)|add)}";

BENCHMARK_CAPTURE(from_raw, path, kPath);
BENCHMARK_CAPTURE(from_raw, mapping, kMapping);
BENCHMARK_CAPTURE(parsed, path, kPath);
BENCHMARK_CAPTURE(parsed, mapping, kMapping);
BENCHMARK(parse_alone);

}  // namespace
}  // namespace penstock::jq
