// Runs one workflow in this process, without a server: for `penstock workflow run`, for trying
// things out and for tests. Journal records count as stored at once; events that the workflow emits
// are heard by its own listeners.
// Lifecycle: construct, run() once. Single thread; drives a loop of its own.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "executor/flow/machine.h"
#include "executor/jq/sandbox/sandbox.h"
#include "executor/run/skipping_clock.h"
#include "executor/tasks/performer.h"

namespace penstock::executor {

struct LocalRunOptions {
  HttpClientOptions http;
  LaneLimits chat;
  std::vector<std::string> allow_run;                        ///< see ProcessOptions
  std::unordered_map<std::string, flow::ProgramPtr> others;  ///< workflows that it may run, by name
  std::vector<json::Value> events;                           ///< come in as soon as it listens
  json::Value secrets = json::Value::object();
  flow::Observer* observer = nullptr;
  bool skip_waits = false;  ///< time passes at once while only timers are under way
};

struct LocalResult {
  bool succeeded = false;
  json::Value output;
  flow::Error error;
  std::vector<flow::Trace> tasks;  ///< their nodes live as long as the programs do
};

class LocalRun {
 public:
  LocalRun(flow::ProgramPtr program, json::Value input, LocalRunOptions options);
  ~LocalRun();
  LocalRun(const LocalRun&) = delete;
  LocalRun& operator=(const LocalRun&) = delete;

  LocalResult run();

 private:
  void perform(flow::Effects effects);
  void perform(flow::Effect effect);
  void load(const flow::LoadWorkflow& wanted);
  void publish(const json::Value& event);
  void step();
  void give_up();

  struct Pending {
    flow::Ordinal ordinal;
    flow::TaskResult result;
  };
  LocalRunOptions options_;
  SkippingClock clock_;
  uv_loop_t loop_;
  jq::Sandbox sandbox_;
  jq::Runner runner_;
  std::unique_ptr<Performer> performer_;
  std::unique_ptr<flow::Machine> machine_;
  std::vector<flow::Ordinal> listeners_;
  std::vector<Pending> answers_;  // of what needs no I/O
  std::vector<uint32_t> stored_;
  bool yielded_ = false;
  int stuck_ = 0;  // turns in which nothing was under way
  std::unique_ptr<LocalResult> result_;
};

}  // namespace penstock::executor
