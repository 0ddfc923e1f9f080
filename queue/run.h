// An unended run as memory holds it. Plain data; the queue alone changes it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "queue/batch.h"
#include "queue/linked_list.h"
#include "queue/listening.h"
#include "queue/types.h"

namespace penstock::queue {

/// What the queue needs to know of the few events that have any of it.
struct FlowLabels {
  std::string lane, concurrency_key;
  std::string workflow;        ///< of a fan-out's further runs
  uint32_t priority = 0;       ///< higher first
};

/// What the queue needs to know of an event's metadata once the bytes are out of memory.
struct RunLabels {
  std::string trigger;
  std::string tag;
  uint32_t attempts_max = 0;   ///< 0 the default
  uint64_t not_before_ms = 0;  ///< wall clock
  uint64_t result_retention_ms = 0;  ///< 0 the default
  std::shared_ptr<const FlowLabels> flow = nullptr;

  uint32_t priority() const { return flow ? flow->priority : 0; }
};

struct RunFlow;

/// Reads the labels out of an event's metadata.
RunLabels labels_of(const records::EventMeta& meta);

enum class RunState : uint8_t {
  kReady,    ///< in the window with its body, for the next free slot
  kHeld,     ///< by a lane or a limit (flow.h); its body may be out of memory
  kRunning,  ///< leased to a worker
  kWaiting,  ///< for its time to come (retry, wait, not_before); body not in memory
  kDue,      ///< its time has come; to be read back
  kLoading,  ///< being read back
  kLoaded,   ///< body and journal are here, for the next free slot
  kEnding,   ///< ended; its result is on the way to disk
};

struct Run {
  Run();
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  Run& operator=(Run&&) noexcept;

  Id id;
  RunState state = RunState::kReady;
  bool stored = false;         ///< there is a LiveRecord of it
  bool journal_known = true;   ///< false after recovery, until it is read
  uint32_t attempts = 0;       ///< used up by failures
  uint32_t journal_count = 0;
  size_t journal_bytes = 0;
  uint32_t stream_count = 0;   ///< pieces kept
  uint32_t stream_tasks = 0;   ///< of these, of type task
  uint32_t reply_piece = 0;    ///< the early reply's place, from 1
  size_t stream_bytes = 0;     ///< known while it is leased
  bool stream_noted = false;   ///< its LiveRecord says that there is a stream
  WorkerId worker = 0;
  uint64_t fence = 0;          ///< of the lease
  Ticket ticket = 0;           ///< the newest batch that says something of it
  uint64_t place = 0;          ///< counts the accepted, for the queue position
  uint64_t started_at_ms = 0, wake_at_ms = 0;  ///< wall clock
  uint64_t due_ms = 0;         ///< monotonic, while waiting
  RunLabels labels;
  std::string last_error;
  EventPtr event;              ///< while ready or loaded, perhaps while held
  std::vector<std::string> journal;  ///< while loaded
  std::vector<std::string> pieces;   ///< while loaded
  std::vector<std::string> inbox;    ///< while loaded
  std::unique_ptr<Listening> listening;  ///< null: it never has
  bool parked = false;               ///< waits by its own wish: an event may wake it

  std::unique_ptr<RunFlow> flow;     ///< null: nothing limits it

  Link<Run> line;              ///< ready, held, due or loaded: one at most
  Link<Run> unstored;          ///< those without a LiveRecord, by id
  Link<Run> leased;            ///< the worker's
};

}  // namespace penstock::queue
