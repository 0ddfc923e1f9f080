// The gateway's side of the worker link: executors that connect, what is sent to them and what they
// say. Framed protobuf (proto/worker.proto) over a Unix socket, or over TCP for other machines.
//
// Lifecycle: construct on a loop, attach() the queue, listen; then once a turn turn() and flush();
// drain() before the end; close() and run the loop until it returns. Loop thread only.
// A link that breaks the protocol, or is silent for limits::lease_ms, is closed: its runs go to
// others through the queue.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/app/catalog.h"
#include "gateway/config/address.h"
#include "gateway/log/log.h"
#include "gateway/workers/piece_gather.h"
#include "gateway/workers/screen_jobs.h"
#include "gateway/workers/worker.h"
#include "proto/clock.h"
#include "proto/worker.pb.h"
#include "queue/service.h"

namespace penstock::gateway {

class WorkerHub {
 public:
  using OnEmit = std::function<void(uint32_t worker, worker::Emit&)>;
  using OnMatched = std::function<void(const worker::Matched&)>;
  using OnLint = std::function<void(Result<worker::LintReport>)>;

  WorkerHub(uv_loop_t* loop, const Catalog& catalog, const Clock& clock, Logger& log);
  ~WorkerHub();
  WorkerHub(const WorkerHub&) = delete;
  WorkerHub& operator=(const WorkerHub&) = delete;

  void attach(queue::Service& queue) { queue_ = &queue; }
  /// Called with the pid of a worker on this machine that fell silent: it hangs.
  void on_silent(std::function<void(uint32_t pid)> told) { on_silent_ = std::move(told); }

  Status listen_unix(const std::string& path);
  /// Workers from elsewhere; `token` must be theirs. `tls`: null only on a loopback address.
  Status listen_tcp(const Address& address, std::string token, std::shared_ptr<TlsContext> tls);

  /// Called for each event that a run emits.
  void on_emit(OnEmit told) { on_emit_ = std::move(told); }

  // --- what the queue wants sent ---
  void dispatch(const queue::Dispatch& dispatch);
  void stored(const queue::JournalStored& stored);
  void cancel(const queue::CancelRun& cancel);
  void heard(const queue::Heard& heard);
  void emitted(const queue::Emitted& emitted);
  void refuse_emit(uint32_t worker, const worker::Emit& emit, const std::string& why);

  /// What workflows may use as secrets: told to every worker now, and to each that comes. Over TCP
  /// only under TLS.
  void set_secrets(worker::SecretSet secrets);

  /// Has a worker check a definition. Waits for one up to lint_ms_max.
  void lint(std::string source, OnLint then);

  /// Has a worker say what an event fits; another one is asked when that one is lost. Waits for a
  /// worker as long as it takes. The cookie is the hub's.
  void match(worker::Match match, OnMatched then);

  /// Has a worker look at an event by its trigger's rules. Answered later, or at once with a fault:
  /// kUnavailable no worker, or none that answered in time; kFull too many wait.
  void screen(worker::Screen wanted, ScreenJobs::Then then);

  /// Heartbeats, silent workers, late lints. Returns when it next wants to be called, monotonic ms.
  uint64_t turn();
  /// Sends what has gathered: one frame and one write a worker.
  void flush();
  /// Workers finish what they have and take no more.
  void drain();
  void close();
  /// For GET /v1/executors.
  std::vector<WorkerInfo> list() const;
  size_t connected() const;

 private:
  friend class Worker;
  struct Listener;
  struct LintJob {
    std::string source;
    OnLint then;
    uint64_t deadline_ms = 0;
    uint32_t worker = 0;  ///< 0: not sent yet
  };
  struct MatchJob {
    worker::Match match;
    OnMatched then;
    uint32_t worker = 0;  ///< 0: not sent yet
  };
  static constexpr uint64_t lint_ms_max = 10'000;

  static void on_connection(uv_stream_t* stream, int status);
  void accept(Listener& listener);
  void greet(Worker& worker, const worker::Hello& hello);
  void on_frame(Worker& worker, worker::Frame& frame);
  void on_runs(Worker& worker, worker::Frame& frame);
  void on_pieces(Worker& worker, worker::Frame& frame);
  PieceGather::Rules stream_rules(Id id) const;
  void on_lost(Worker& worker, const std::string& why);
  void send_definition(Worker& worker, const std::string& name, uint32_t version);
  void on_events(Worker& worker, worker::Frame& frame);
  void send_matches();
  Worker* any_worker();
  void send_secrets(Worker& worker);
  void send_lints();
  void fail_lints(uint64_t now);
  void send_screens();
  void send_screen(Worker& worker, uint64_t cookie);
  void on_screened(Worker& worker, worker::Frame& frame);
  Worker* free_screener();
  Worker* find(uint32_t id);
  void reap();

  uv_loop_t* loop_;
  const Catalog& catalog_;
  const Clock& clock_;
  Logger& log_;
  queue::Service* queue_ = nullptr;
  PieceGather pieces_;
  std::function<void(uint32_t)> on_silent_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_map<uint32_t, std::unique_ptr<Worker>> workers_;
  std::unordered_map<uint64_t, LintJob> lints_;
  OnEmit on_emit_;
  std::unordered_map<uint64_t, MatchJob> matches_;
  std::vector<uint64_t> unsent_matches_;
  uint64_t last_match_ = 0;
  worker::SecretSet secrets_;
  uint64_t last_lint_ = 0;
  ScreenJobs screens_;
  uint32_t last_worker_ = 0;
  uint64_t next_beat_ms_ = 0;
  bool draining_ = false;
  std::vector<char> read_buffer_;  // shared: libuv reads and hands over in one go
};

}  // namespace penstock::gateway
