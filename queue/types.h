// The values that go into the queue and come out of it: events in, actions out.
// Plain data, no behaviour, no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "proto/body.h"
#include "proto/id.h"
#include "proto/problem.h"
#include "proto/records.pb.h"
#include "proto/status.h"

namespace penstock::queue {

/// The caller's own number for a command; comes back in the action that answers it.
using Cookie = uint64_t;
using WorkerId = uint32_t;

/// An accepted delivery. Immutable from here on, shared by the commit batch, the ready window and
/// the dispatch; may be read by the loop and the commit thread at once.
struct Event {
  Id id;
  std::string meta;  ///< records::EventMeta, serialized once
  Body body;         ///< raw bytes as they came
  bool captured = false;
  bool filtered = false;     ///< captured since a filter passed it over
};
using EventPtr = std::shared_ptr<const Event>;

/// A run's durable end.
using ResultPtr = std::shared_ptr<const records::ResultRecord>;
using LivePtr = std::shared_ptr<const records::LiveRecord>;
using PiecePtr = std::shared_ptr<const records::StreamPiece>;
using InboxPtr = std::shared_ptr<const records::InboxRecord>;

struct WorkflowRef {
  std::string name;
  uint32_t version = 0;
};

/// A delivery on its way in.
struct NewEvent {
  records::EventMeta meta;
  Body body;
  bool memory_only = false;          ///< answer before the fsync (class `memory`)
  std::vector<WorkflowRef> fan_out = {};  ///< each gets a run of its own, in the same commit
  bool from_within = false;          ///< made by a run or a clock: taken while draining too
};

/// What a trigger allows its runs. Zero: no limit.
struct FlowLimits {
  uint32_t concurrency_max = 0;      ///< at once; where events have a concurrency key, per key
  double throttle_per_s = 0;         ///< begun a second
  uint32_t breaker_failures = 0;     ///< in a row: then none begins for …
  uint64_t breaker_open_ms = 0;      ///< … this long; then one, to see
  bool operator==(const FlowLimits&) const = default;
};

/// What became of it: the runs of one trigger and workflow.
struct FlowState {
  std::string trigger, workflow;
  uint64_t running = 0, held = 0, lanes = 0;
  const char* breaker = "closed";    ///< closed, open, half-open
  uint32_t failures = 0;             ///< in a row
  uint64_t opened = 0;               ///< how often, since the start
  uint64_t open_for_ms = 0;          ///< until it lets one through
};

/// One of many deliveries that share their facts.
struct BatchItem {
  Body body;
  std::string meta = {};             ///< serialized EventMeta fields of its own, or none
  Cookie cookie = 0;
};

/// What an operator did, for the audit log. Never a secret.
struct AuditEntry {
  std::string who, action, subject;
  std::string detail;                ///< JSON
};

/// An event among those that workflows emit and listen for: its JSON and what filters look at.
struct CloudEvent {
  std::string type, source, subject;
  std::string json;
};

/// Durable key-value definitions: triggers, workflows and their versions, secrets.
struct StoredDefinition {
  std::string key;                   ///< e.g. "workflow/NAME/7"
  std::string value;
};

// --- Actions: what the caller does after the commit they belong to is durable ---

/// The event is on disk: say 2xx. `more` are the runs of its fan-out; `position`: how many events
/// had been accepted with it, since the store began.
struct Accepted { Cookie cookie; Id id; std::vector<Id> more = {}; uint64_t position = 0; };
/// Its dedup key was used before, by this event, which is as safe as its own answer said.
/// `key_reused`: that one had another body.
struct Duplicate { Cookie cookie; Id first; std::vector<Id> more; bool key_reused; };
/// Hand the run to this worker. `journal` is what an earlier attempt left, in order; `pieces` its
/// stream so far (records::StreamPiece).
struct Dispatch {
  WorkerId worker;
  EventPtr event;
  uint64_t fence;
  uint32_t attempt;
  std::vector<std::string> journal;
  std::vector<std::string> pieces;
  std::vector<std::string> inbox = {};  ///< records::InboxRecord, what its listeners have not heard …
  uint32_t inbox_from = 0;              ///< … and its first one's sequence
};
/// The journal entry is durable: the executor may go on.
struct JournalStored { WorkerId worker; Id id; uint64_t fence; uint32_t sequence; };
/// Tell the worker to stop this run; its lease is gone.
struct CancelRun { WorkerId worker; Id id; uint64_t fence; };
/// The run has ended and its result is durable: answer whoever waits.
struct Ended { Id id; ResultPtr result; };
/// A piece of the run's stream is durable. Sequences are dense from 0.
struct PieceStored { Id id; uint32_t sequence; PiecePtr piece; };
/// The run left its worker and waits: for a time, for a retry.
struct Waits { Id id; uint64_t wake_at_ms; };
/// An event for the listeners of a run is durable.
struct Heard { WorkerId worker; Id id; uint64_t fence; uint32_t sequence; InboxPtr record; };
/// What a run emitted is durable, with all that it caused.
struct Emitted { WorkerId worker; Id id; uint64_t fence; uint32_t ordinal; };
/// The answer to signal(): `kKept` once it is durable.
enum class SignalFate : uint8_t { kKept, kNotListening, kUnknown };
struct Signalled { Cookie cookie; SignalFate fate; };
/// The definition is durable.
struct Defined { Cookie cookie; };
/// The answer to cancel(): what it found. `known` false: no such run in the queue (perhaps ended).
struct CancelAnswered { Cookie cookie; Id id; bool known; };

using Action =
    std::variant<Accepted, Dispatch, JournalStored, CancelRun, Ended, Defined, CancelAnswered,
                 PieceStored, Waits, Duplicate, Heard, Emitted, Signalled>;

/// What is true now. accepted = captured + queued + running + waiting + succeeded + failed +
/// cancelled + dead, at every log position.
struct Counters {
  uint64_t accepted = 0, captured = 0, queued = 0, running = 0, waiting = 0;
  uint64_t succeeded = 0, failed = 0, cancelled = 0, dead = 0;
  uint64_t filtered = 0;  ///< part of captured
};

/// A run as far as memory knows it (unended).
struct LiveView {
  records::RunStatus status = records::UNKNOWN;
  uint32_t attempts = 0;
  uint64_t started_at_ms = 0, wake_at_ms = 0;
  uint64_t queue_position = 0;  ///< runs ahead of it; 0 when not queued
  uint32_t reply_piece = 0;     ///< as in records::ResultRecord
  const char* waits_for = "";   ///< lane, concurrency, throttle, breaker: what holds it back
  std::string last_error;
  std::string trigger;          ///< empty when it must be read back first
  std::vector<records::EventFilter> listens;  ///< what its listeners look for, literally
};

// --- Reads from the store, answered later ---

/// What is stored of one id. `event` is null when there is no such event; `result` when not ended.
struct RunRead {
  EventPtr event;
  ResultPtr result;
  std::shared_ptr<const records::LiveRecord> live;
  std::vector<std::string> journal;  ///< only when asked for
  std::vector<std::string> pieces;   ///< records::StreamPiece; only for a run that is to go on
  std::vector<std::string> inbox;    ///< records::InboxRecord; the same
  /// What is true of the run at hand-over, memory included; UNKNOWN: no such event, or expired.
  records::RunStatus status = records::UNKNOWN;
  bool expired = false;              ///< it was, but retention has taken it or its result away
  ResultPtr remains;                 ///< how the expired one ended, where that is kept longer
};

/// A part of a run's stream, from the sequence that was asked for.
struct StreamPage {
  std::vector<PiecePtr> pieces;
  bool at_end = false;  ///< there was nothing behind them yet
};

/// A page of events, newest first.
struct ListQuery {
  Id before;                ///< strictly older than this; zero: from the newest
  uint64_t since_ms = 0;    ///< wall clock
  std::string trigger;      ///< empty: all
  std::string tag;
  records::RunStatus status = records::UNKNOWN;  ///< UNKNOWN: all
  bool filtered = false;    ///< only what a filter passed over
  bool samples = false;     ///< only captured ones that no filter passed over
  uint32_t limit = 50;
  uint32_t scan_max = 20'000;  ///< events looked at before the page is handed out short
};
struct ListEntry {
  Id id;
  records::EventMeta meta;
  uint64_t body_bytes = 0;
  ResultPtr result;                                    ///< without the body
  std::shared_ptr<const records::LiveRecord> live;
  records::RunStatus status = records::UNKNOWN;        ///< at hand-over; UNKNOWN: result expired
};
struct ListPage {
  std::vector<ListEntry> entries;
  Id next;                  ///< pass as `before` to go on; zero at the end
};

/// A page of the audit log, newest first.
struct AuditPage {
  struct Row { uint64_t sequence; records::AuditRecord record; };
  std::vector<Row> rows;
  uint64_t next = 0;        ///< pass as `before` to go on; 0 at the end
};

struct ReadDone {
  Cookie cookie;
  Status status;            ///< a damaged record says so here
  std::variant<RunRead, ListPage, StreamPage, AuditPage> value;
};

}  // namespace penstock::queue
