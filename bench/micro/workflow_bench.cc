// A workflow of five tasks without calls: the state machine alone, and all that an executor does
// for it but its socket: frames in, parsed, run, the timeline and the result in frames out.
#include <benchmark/benchmark.h>

#include <string>

#include "executor/flow/machine.h"
#include "executor/json/parse.h"
#include "executor/link/program_cache.h"
#include "executor/link/worker.h"

namespace penstock::executor {
namespace {

const char* const kFiveTasks = R"(
document: {dsl: '1.0.3', namespace: bench, name: five, version: '1.0.0'}
do:
  - read: {set: {id: '${ .id }', total: '${ .price * .quantity }'}}
  - choose: {switch: [{large: {when: .total > 100, then: discount}}, {small: {then: tax}}]}
  - discount: {set: {id: '${ .id }', total: '${ .total * 0.9 }'}}
  - tax: {set: {id: '${ .id }', total: '${ .total * 1.19 }'}}
  - reply: {set: {order: '${ .id }', total: '${ .total | floor }'}}
)";
const char* const kBody = R"({"id":"a-1","price":12.5,"quantity":10})";

void machine(benchmark::State& state) {
  const flow::ProgramPtr program = *compile_source(kFiveTasks);
  jq::Runner runner;
  json::Parser parser;
  SystemClock clock;
  IdGenerator ids(clock);
  for (auto _ : state) {
    flow::RunInfo info;
    info.id = ids.next();
    info.input = *parser.parse(kBody);
    info.runner = &runner;
    flow::Machine one(program, std::move(info));
    flow::Effects effects = one.start(clock.wall_ms(), {});
    if (!one.finished()) state.SkipWithError("the run did not finish");
    benchmark::DoNotOptimize(effects);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

worker::Frame dispatches(int count, IdGenerator& ids) {
  worker::Frame frame;
  for (int i = 0; i < count; i++) {
    worker::Dispatch& one = *frame.add_dispatches();
    one.set_run(std::string(ids.next().raw()));
    one.set_fence(1);
    one.set_attempt(1);
    one.set_workflow("five");
    one.set_workflow_version(1);
    one.set_body(kBody);
  }
  return frame;
}

// Items are runs; a frame brings as many as a busy gateway gathers in one turn.
void executor(benchmark::State& state) {
  constexpr int kRunsAFrame = 100;
  uv_loop_t loop;
  uv_loop_init(&loop);
  SystemClock clock;
  {
    WorkerOptions options;
    options.slots = 1000;
    Worker worker(&loop, clock, std::move(options));
    worker::Frame definition;
    worker::Definition& five = *definition.add_definitions();
    five.set_name("five");
    five.set_version(1);
    five.set_source(kFiveTasks);
    if (!worker.on_frame(definition).ok()) state.SkipWithError("the definition was refused");
    IdGenerator ids(clock);
    const std::string bytes = dispatches(kRunsAFrame, ids).SerializeAsString();
    for (auto _ : state) {
      worker::Frame frame;
      if (!frame.ParseFromString(bytes) || !worker.on_frame(frame).ok())
        state.SkipWithError("the frame was refused");
      worker.turn();
      int ended = 0;
      while (const auto out = worker.take_frame()) {
        benchmark::DoNotOptimize(out->SerializeAsString());
        ended += out->finished_size();
      }
      if (ended != kRunsAFrame) state.SkipWithError("not all runs ended");
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * kRunsAFrame);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
}

BENCHMARK(machine);
BENCHMARK(executor);

}  // namespace
}  // namespace penstock::executor
