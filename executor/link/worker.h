// One executor's work, without its socket: frames of the gateway go in, frames for it come out. All
// that a turn gathers leaves in one frame.
//
// Lifecycle: hello() first; on_frame() for each frame; turn() once a loop turn, then take_frame()
// while it gives one; reset() when the gateway is lost, which forgets all runs. Loop thread only.
// Limitations: a run that listens stays for limits::listen_linger_ms before it leaves its slot.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "executor/flow/machine.h"
#include "executor/jq/sandbox/sandbox.h"
#include "executor/json/parse.h"
#include "executor/link/program_cache.h"
#include "executor/link/secret_store.h"
#include "executor/link/told_texts.h"
#include "executor/lint/lint.h"
#include "executor/screen/screener.h"
#include "executor/tasks/performer.h"
#include "proto/id.h"
#include "proto/worker.pb.h"

namespace penstock::executor {

struct WorkerOptions {
  std::string name;
  std::string token;
  uint32_t slots = 0;
  HttpClientOptions http;
  LaneLimits chat;                     ///< of each endpoint of models
  std::vector<std::string> allow_run;  ///< see ProcessOptions
};

class Worker {
 public:
  Worker(uv_loop_t* loop, const Clock& clock, WorkerOptions options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// What to say first on a new connection.
  worker::Frame hello() const;
  /// Fault: the gateway refused us, or what it says makes no sense.
  Status on_frame(const worker::Frame& frame);
  /// Takes up what has happened. True: there is more to do at once, do not wait.
  bool turn();
  /// What is to be sent; nullopt: nothing (more).
  std::optional<worker::Frame> take_frame();
  /// Take no more runs; done() once those here have ended.
  void drain();
  bool done() const { return draining_ && runs_.empty() && waiting_.empty() && screens_.empty(); }
  bool draining() const { return draining_; }
  void reset();
  size_t running() const { return runs_.size(); }
  /// When it must be woken at the latest to say that it lives, monotonic ms.
  uint64_t next_beat_ms() const { return next_beat_ms_; }

 private:
  using RunNumber = Performer::RunNumber;
  struct Run {
    Id id;
    uint64_t fence = 0;
    std::unique_ptr<flow::Machine> machine;
    bool yielded = false;
    uint32_t offered = 0;    ///< events of its inbox that the machine was told of
    uint32_t heard = 0;      ///< of these, those that it has taken up
    uint64_t active_ms = 0;  ///< monotonic: when it last did something
    std::unordered_set<flow::Ordinal> listeners = {};
    bool lingers = false;    ///< it is in lingering_
    ToldTexts told = {};     ///< to readers by an earlier attempt
  };
  struct Linger {
    uint64_t until_ms;
    RunNumber run;
  };
  struct Waiting {  // for a workflow's definition
    std::string name;
    uint32_t version = 0;                        // 0: the newest
    std::unique_ptr<worker::Dispatch> dispatch;  // or
    RunNumber run = 0;                           // a run that wants to run it,
    flow::Ordinal ordinal = 0;
    std::string expected;  // whose document.version should be this
  };

  void define(const worker::Definition& definition);
  void dispatch(const worker::Dispatch& dispatch);
  void begin(const worker::Dispatch& dispatch, const ProgramCache::Entry& entry);
  // worker_events.cc
  void emit(RunNumber number, const Run& run, const flow::Emit& emit);
  void listen(const Run& run, const flow::Listen& listen);
  void unlisten(const Run& run, flow::Ordinal ordinal);
  void heard(const worker::Heard& heard);
  void emitted(const worker::Emitted& emitted);
  void match(const worker::Match& match);
  void matchable(const worker::Definition& definition);
  void take_inbox(RunNumber number, Run& run, const worker::Dispatch& dispatch);
  void offer(RunNumber number, Run& run, uint32_t sequence, const std::string& event,
             const google::protobuf::RepeatedField<uint32_t>& ordinals);
  void note_heard(Run& run);
  bool settle_listening(RunNumber number, Run& run);
  void let_go();
  void park(RunNumber number, const Run& run, uint64_t wake_at_ms);

  void cancel(const worker::Cancel& cancel);
  void stored(const worker::JournalStored& stored);
  void lint(const worker::Lint& lint);
  void screen_some();
  bool allows_all(const lint::Report& report, worker::LintReport& out) const;
  void supply(Waiting& waiting, const ProgramCache::Entry* entry, uint32_t version);

  void perform(RunNumber number, Run& run, flow::Effects effects);
  void apply(RunNumber number, Run& run, flow::Effects effects);
  void perform_one(RunNumber number, Run& run, flow::Effect& effect);
  void load(RunNumber number, const flow::LoadWorkflow& wanted);
  void answer_later(RunNumber number, flow::Ordinal ordinal, flow::TaskResult result);
  void finish(const Run& run, const flow::Finish& finish);
  void fail(const worker::Dispatch& dispatch, flow::Error error);
  void settle(RunNumber number);
  void hand_on_pieces();
  void drop(RunNumber number);
  void beat();
  Run* find(const std::string& raw, uint64_t fence, RunNumber* number);
  worker::Frame& outgoing(size_t bytes);

  const Clock& clock_;
  WorkerOptions options_;
  Performer performer_;
  ProgramCache programs_;
  SecretStore secrets_;
  jq::Sandbox sandbox_;  // idle until an expression needs it
  jq::Runner runner_;
  json::Parser parser_;
  screen::Screener screener_{runner_};
  std::deque<worker::Screen> screens_;  // not answered yet
  std::unordered_map<RunNumber, Run> runs_;
  std::unordered_map<Id, RunNumber> numbers_;
  std::vector<Waiting> waiting_;
  std::vector<Performer::Answer> answers_;  // of what needs no I/O
  std::vector<RunNumber> yielded_;
  std::deque<Linger> lingering_;  // by time
  std::vector<worker::Match> matching_;  // wait for their workflow
  std::vector<worker::Frame> frames_;  // to be sent; the last one is still filled
  size_t frame_bytes_ = 0;
  RunNumber last_number_ = 0;
  uint64_t beat_ms_, next_beat_ms_ = 0;
  bool draining_ = false;
};

}  // namespace penstock::executor
