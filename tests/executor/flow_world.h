// Runs workflows as values: a definition in YAML, what comes in, and the effects that come out.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "executor/definition/definition.h"
#include "executor/flow/compiler.h"
#include "executor/flow/machine.h"
#include "executor/json/parse.h"
#include "proto/limits.h"

namespace penstock::flow {

inline json::Value value(std::string_view text) {
  Result<json::Value> parsed = json::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), text);
  return *parsed;
}

inline ProgramPtr program(const std::string& tasks, const std::string& more = "") {
  const std::string text = "document: {dsl: '1.0.3', namespace: t, name: w, version: '1.0.0'}\n" +
                           more + "do:\n" + tasks;
  Result<definition::Definition> loaded = definition::load(text);
  REQUIRE_MESSAGE(loaded.ok(), loaded.status().message());
  Result<ProgramPtr> made = Compiler::compile(loaded->root);
  REQUIRE_MESSAGE(made.ok(), made.status().message());
  return *made;
}

/// One life of a run. Time stands still unless at() moves it.
class Life {
 public:
  explicit Life(ProgramPtr code, const std::string& input = "{}",
                const std::vector<std::string>& journal = {}, uint64_t now_ms = 1'000'000)
      : now_ms_(now_ms), journal_(journal) {
    RunInfo info;
    info.id = *Id::from_text("01890a5d-ac96-774b-bcce-b302099a8057");
    info.input = value(input);
    info.runner = &runner_;
    machine_ = std::make_unique<Machine>(std::move(code), std::move(info));
    take(machine_->start(now_ms_, journal));
  }
  void at(uint64_t now_ms) { now_ms_ = now_ms; }
  void answer(Ordinal ordinal, TaskResult result) {
    take(machine_->complete(ordinal, std::move(result), now_ms_));
  }
  void stored() { take(machine_->stored(static_cast<uint32_t>(journal_.size() - 1))); }
  void resume() { take(machine_->resume()); }

  bool finished() const { return finish_.has_value(); }
  bool succeeded() const { return finish_ && finish_->succeeded; }
  std::string output() const { return finish_ ? finish_->output.dump() : "(not finished)"; }
  const Error& error() const {
    REQUIRE(finish_);
    return finish_->error;
  }
  const std::vector<Call>& calls() const { return calls_; }
  const std::vector<Timer>& timers() const { return timers_; }
  const std::vector<Emit>& emitted() const { return emitted_; }
  const std::vector<Listen>& listens() const { return listens_; }
  const std::vector<LoadWorkflow>& loads() const { return loads_; }
  const std::vector<Ordinal>& cancelled() const { return cancelled_; }
  const std::vector<std::string>& journal() const { return journal_; }
  const std::vector<std::string>& replies() const { return replies_; }
  /// What is answered at the end instead of the output.
  std::string reply() const { return finish_ && finish_->reply ? finish_->reply->dump() : ""; }
  bool yielded() const { return yielded_; }
  const Machine& machine() const { return *machine_; }

 private:
  void take(Effects effects) {
    yielded_ = false;
    for (Effect& effect : effects) {
      if (auto* call = std::get_if<Call>(&effect)) calls_.push_back(*call);
      if (auto* timer = std::get_if<Timer>(&effect)) timers_.push_back(*timer);
      if (auto* emit = std::get_if<Emit>(&effect)) emitted_.push_back(*emit);
      if (auto* listen = std::get_if<Listen>(&effect)) listens_.push_back(*listen);
      if (auto* load = std::get_if<LoadWorkflow>(&effect)) loads_.push_back(*load);
      if (auto* cancel = std::get_if<Cancel>(&effect)) cancelled_.push_back(cancel->ordinal);
      if (auto* reply = std::get_if<Reply>(&effect)) replies_.push_back(reply->answer.dump());
      if (auto* finish = std::get_if<Finish>(&effect)) finish_ = *finish;
      if (std::holds_alternative<Yield>(effect)) yielded_ = true;
      if (auto* record = std::get_if<Journal>(&effect)) {
        REQUIRE(record->sequence == journal_.size());
        journal_.push_back(record->record);
      }
    }
  }

  uint64_t now_ms_;
  std::vector<std::string> journal_;
  jq::Runner runner_;
  std::unique_ptr<Machine> machine_;
  std::optional<Finish> finish_;
  std::vector<Call> calls_;
  std::vector<Timer> timers_;
  std::vector<Emit> emitted_;
  std::vector<Listen> listens_;
  std::vector<LoadWorkflow> loads_;
  std::vector<Ordinal> cancelled_;
  std::vector<std::string> replies_;
  bool yielded_ = false;
};

/// The output of a workflow without effects.
inline std::string output_of(const std::string& tasks, const std::string& input = "{}",
                             const std::string& more = "") {
  Life life(program(tasks, more), input);
  while (life.yielded()) life.resume();
  REQUIRE(life.finished());
  if (!life.succeeded()) return life.error().value().dump();
  return life.output();
}

inline Error error_of(const std::string& tasks, const std::string& input = "{}",
                      const std::string& more = "") {
  Life life(program(tasks, more), input);
  while (life.yielded()) life.resume();
  REQUIRE(life.finished());
  REQUIRE_FALSE(life.succeeded());
  return life.error();
}

}  // namespace penstock::flow
